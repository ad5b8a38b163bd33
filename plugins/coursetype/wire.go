package coursetype

//go:generate sh -c "protoc --plugin=$(go tool -n -modfile=../../.ci/tools/go.mod protoc-gen-go) --plugin=$(go tool -n -modfile=../../.ci/tools/go.mod protoc-gen-go-grpc) --go_out=. --go_opt=paths=source_relative --go-grpc_out=. --go-grpc_opt=paths=source_relative proto/coursetype.proto"

import (
	"context"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

// MaxMessage is the largest message either way, in bytes.
const MaxMessage = 4 << 20

// Name is under what a guest serves its CourseType to go-plugin.
const Name = "coursetype"

// Handshake returns what host and guest must agree on before they talk. It keeps
// a guest from being run by hand, and is no secret.
func Handshake() plugin.HandshakeConfig {
	return plugin.HandshakeConfig{
		ProtocolVersion:  0,
		MagicCookieKey:   "WIYATA_GUEST",
		MagicCookieValue: "coursetype",
	}
}

// Plugin joins a CourseType to go-plugin: the guest sets Guest, the host leaves
// it nil and receives a CourseType from Dispense.
type Plugin struct {
	plugin.NetRPCUnsupportedPlugin
	Guest CourseType
}

// GRPCServer registers the guest's answers on s.
func (p *Plugin) GRPCServer(_ *plugin.GRPCBroker, s *grpc.Server) error {
	pb.RegisterCourseTypeServer(s, &server{guest: p.Guest})
	return nil
}

// GRPCClient returns a CourseType that asks the guest behind conn.
func (p *Plugin) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return &client{pb: pb.NewCourseTypeClient(conn)}, nil
}

// client is a CourseType at the other end of a connection. Errors: *Error when
// the guest answered one; else the transport's gRPC status.
type client struct{ pb pb.CourseTypeClient }

func (c *client) Describe(ctx context.Context) (Description, error) {
	r, err := c.pb.Describe(ctx, &pb.DescribeRequest{})
	return descriptionFrom(r), fromStatus(err)
}

func (c *client) Check(ctx context.Context, q CheckRequest) ([]Finding, error) {
	r, err := c.pb.Check(ctx, checkTo(q))
	return each(r.GetFindings(), findingFrom), fromStatus(err)
}

func (c *client) Eligible(ctx context.Context, q EligibleRequest) ([]Eligibility, error) {
	r, err := c.pb.Eligible(ctx, eligibleTo(q))
	return each(r.GetAnswers(), eligibilityFrom), fromStatus(err)
}

func (c *client) Plan(ctx context.Context, q PlanRequest) (Plan, error) {
	r, err := c.pb.Plan(ctx, planTo(q))
	return planAnswerFrom(r), fromStatus(err)
}

func (c *client) Grade(ctx context.Context, q GradeRequest) ([]Outcome, error) {
	r, err := c.pb.Grade(ctx, gradeTo(q))
	return each(r.GetAnswers(), outcomeFrom), fromStatus(err)
}

func (c *client) Certify(ctx context.Context, q CertifyRequest) ([]Certificate, error) {
	r, err := c.pb.Certify(ctx, certifyTo(q))
	return each(r.GetAnswers(), certificateFrom), fromStatus(err)
}

// server answers the wire with a guest.
type server struct {
	pb.UnimplementedCourseTypeServer
	guest CourseType
}

func (s *server) Describe(ctx context.Context, _ *pb.DescribeRequest) (*pb.Description, error) {
	d, err := s.guest.Describe(ctx)
	if err != nil {
		return nil, toStatus(err)
	}
	return descriptionTo(d), nil
}

func (s *server) Check(ctx context.Context, q *pb.CheckRequest) (*pb.CheckResponse, error) {
	fs, err := s.guest.Check(ctx, checkFrom(q))
	if err != nil {
		return nil, toStatus(err)
	}
	return &pb.CheckResponse{Findings: each(fs, findingTo)}, nil
}

func (s *server) Eligible(ctx context.Context, q *pb.EligibleRequest) (*pb.EligibleResponse, error) {
	if err := checkChunk(len(q.GetCandidates())); err != nil {
		return nil, toStatus(err)
	}
	as, err := s.guest.Eligible(ctx, eligibleFrom(q))
	if err != nil {
		return nil, toStatus(err)
	}
	return &pb.EligibleResponse{Answers: each(as, eligibilityTo)}, nil
}

func (s *server) Plan(ctx context.Context, q *pb.PlanRequest) (*pb.PlanResponse, error) {
	p, err := s.guest.Plan(ctx, planFrom(q))
	if err != nil {
		return nil, toStatus(err)
	}
	return planAnswerTo(p), nil
}

func (s *server) Grade(ctx context.Context, q *pb.GradeRequest) (*pb.GradeResponse, error) {
	if err := checkChunk(len(q.GetRecords())); err != nil {
		return nil, toStatus(err)
	}
	as, err := s.guest.Grade(ctx, gradeFrom(q))
	if err != nil {
		return nil, toStatus(err)
	}
	return &pb.GradeResponse{Answers: each(as, outcomeTo)}, nil
}

func (s *server) Certify(ctx context.Context, q *pb.CertifyRequest) (*pb.CertifyResponse, error) {
	if err := checkChunk(len(q.GetGraduates())); err != nil {
		return nil, toStatus(err)
	}
	as, err := s.guest.Certify(ctx, certifyFrom(q))
	if err != nil {
		return nil, toStatus(err)
	}
	return &pb.CertifyResponse{Answers: each(as, certificateTo)}, nil
}

func checkChunk(n int) error {
	if n > MaxChunk {
		return Refuse(BadRequest, "Permintaan memuat %d orang. Kirim paling banyak %d sekaligus.", n, MaxChunk)
	}
	return nil
}
