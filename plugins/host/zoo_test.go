package host

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/hashicorp/go-plugin"
	"go.uber.org/goleak"
	"google.golang.org/grpc"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// TestMain makes the test binary a guest when a host starts it: real processes
// are tested without building anything. Which animal it is stands in argv[0].
func TestMain(m *testing.M) {
	Launch()
	switch {
	case os.Getenv(coursetype.Handshake().MagicCookieKey) != "":
		name, _, _ := strings.Cut(os.Args[0], "@")
		serve(name)
	case os.Getenv("WIYATA_BARE") != "":
		serveBare(os.Getenv("WIYATA_BARE"))
	case os.Getenv("WIYATA_HELPER_HOST") != "":
		helperHost()
	default:
		// Must not be seen by any guest.
		if err := os.Setenv("WIYATA_DATABASE", "postgres://secret"); err != nil {
			panic(err)
		}
		dir, err := os.MkdirTemp("", "wiyata-zoo-")
		if err != nil {
			panic(err)
		}
		kennel = dir
		goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
			if err := os.RemoveAll(dir); err != nil {
				panic(err)
			}
			os.Exit(code)
		}))
	}
}

func serve(name string) {
	a := &animal{name: name}
	if name == "huge" { // a vendor who does not use Serve, and so has no limit
		plugin.Serve(&plugin.ServeConfig{
			HandshakeConfig: coursetype.Handshake(),
			Plugins:         plugin.PluginSet{coursetype.Name: &coursetype.Plugin{Guest: a}},
			GRPCServer:      func(opts []grpc.ServerOption) *grpc.Server { return grpc.NewServer(opts...) },
		})
		return
	}
	if birth := births[name]; birth != nil {
		birth()
	}
	if grade := beasts[name]; grade != nil {
		coursetype.Serve(beast{a, grade})
	}
	coursetype.Serve(a)
}

// helperHost is a host that runs one guest, tells its pid, and waits to be killed.
func helperHost() {
	kennel = os.Getenv("WIYATA_HELPER_HOST")
	h := New([]Entry{self("good")}, Config{Folder: kennel, Log: slog.New(slog.DiscardHandler)})
	ct, err := h.Guest("good", "1.0.0")
	if err != nil {
		panic(err)
	}
	if _, err := ct.Describe(context.Background()); err != nil {
		panic(err)
	}
	fmt.Println(h.List()[0].PID)
	select {}
}

// An animal is a guest that behaves as its name says.
type animal struct {
	name  string
	calls atomic.Int64 // of Grade
}

func (a *animal) Describe(context.Context) (coursetype.Description, error) {
	name := coursetype.Text{ID: "Hewan", EN: "Animal"}
	return coursetype.Description{
		Key: a.name, Version: "1.0.0", Name: name, Summary: name, SIASN: 8, CertificateClass: "T", Kinds: []string{"PNS"},
		RuleSets: []coursetype.RuleSet{{
			Key: "r", Title: name, Decree: "Peraturan LAN 10/2018", From: "2019-01-01", Source: coursetype.Unconfirmed, Doubt: name,
			Phases:     []coursetype.Phase{{Key: "p", Name: name, Mode: coursetype.Classroom}},
			Components: []coursetype.Component{{Key: "c", Name: name, Weight: 100_00, Input: coursetype.Scored}},
			Pass:       coursetype.Bound{At: 80_00, Inclusive: true},
			Forms: []coursetype.Form{{SIASN: 8, Name: name, Class: "T", Unit: coursetype.PerHour,
				National: coursetype.Credit{Rate: 1_00}}},
		}},
	}, nil
}

func (a *animal) Check(context.Context, coursetype.CheckRequest) ([]coursetype.Finding, error) {
	return nil, nil
}

func (a *animal) Plan(context.Context, coursetype.PlanRequest) (coursetype.Plan, error) {
	return coursetype.Plan{}, nil // no span for its phase
}

// Eligible answers in reverse order. The animal "env" shows its environment.
func (a *animal) Eligible(_ context.Context, q coursetype.EligibleRequest) ([]coursetype.Eligibility, error) {
	var answers []coursetype.Eligibility
	for _, c := range q.Candidates {
		e := coursetype.Eligibility{Ref: c.Ref, OK: true}
		if a.name == "env" {
			var names []string
			for _, v := range os.Environ() {
				name, _, _ := strings.Cut(v, "=")
				names = append(names, name)
			}
			slices.Sort(names)
			shown := strings.Join(names, " ")
			e.Flags = []coursetype.Flag{{Rule: "env", Reason: coursetype.Text{ID: shown, EN: shown}}}
		}
		answers = append(answers, e)
	}
	slices.Reverse(answers)
	return answers, nil
}

// Grade gives everybody the score "c" as total.
func (a *animal) Grade(ctx context.Context, q coursetype.GradeRequest) ([]coursetype.Outcome, error) {
	call := a.calls.Add(1)
	var answers []coursetype.Outcome
	for _, r := range q.Records {
		score := r.Attempts("c")[0]
		name := coursetype.Text{ID: "Hewan", EN: "Animal"}
		lines := []coursetype.Line{{Component: "c", Name: name, Weight: 100_00, Input: score, Contribution: coursetype.Full.Of(score)}}
		o := coursetype.Outcome{Ref: r.Ref, State: coursetype.Failed, Total: coursetype.Total(lines), Lines: lines, Reason: name}
		if o.Total >= 80_00 {
			o.State = coursetype.Passed
		}
		answers = append(answers, o)
	}
	switch a.name {
	case "hang":
		select {} // deaf to ctx
	case "crash":
		if call == 3 {
			os.Exit(3)
		}
	case "panic":
		panic("Budi 198501012010011001")
	case "liar":
		answers[0].Total++
	case "stranger":
		answers[0].Ref = "somebody"
	case "twice":
		answers = append(answers, answers[0])
	case "silent":
		answers = nil
	case "huge":
		answers[0].Missing = []string{strings.Repeat("x", 5<<20)}
	case "verbose":
		answers[0].Reason.ID = strings.Repeat("x", coursetype.MaxText+1)
	case "chatty":
		for range 20_000 {
			fmt.Fprintln(os.Stderr, `{"@level":"error","@message":"Budi 198501012010011001"}`)
		}
	case "parent":
		// A child in the group, and it holds our stderr.
		child := exec.Command("/bin/sleep", "1000")
		child.Stderr = os.NewFile(2, "stderr")
		if err := child.Start(); err != nil {
			return nil, err
		}
		answers[0].Reason.ID = fmt.Sprint(child.Process.Pid)
	case "runaway":
		// A child that left the group, and it holds our stderr.
		child := exec.Command("/bin/sleep", "1000")
		child.Stderr = os.NewFile(2, "stderr")
		child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := child.Start(); err != nil {
			return nil, err
		}
		answers[0].Reason.ID = fmt.Sprint(child.Process.Pid)
	case "hog":
		var hoard [][]byte
		for ctx.Err() == nil {
			b := make([]byte, 16<<20)
			for i := range b {
				b[i] = byte(i)
			}
			hoard = append(hoard, b)
		}
		return nil, fmt.Errorf("still alive with %d blocks", len(hoard))
	case "choosy":
		return nil, coursetype.Refuse(coursetype.UnknownRuleSet, "Ketentuan %q tidak dikenal.", q.RuleSet)
	case "broken":
		return nil, fmt.Errorf("a nil map somewhere")
	}
	return answers, nil
}

func (a *animal) Certify(_ context.Context, q coursetype.CertifyRequest) ([]coursetype.Certificate, error) {
	text := coursetype.Text{ID: "Sertifikat", EN: "Certificate"}
	var answers []coursetype.Certificate
	for _, g := range q.Graduates {
		answers = append(answers, coursetype.Certificate{Ref: g.Ref, Class: "T", Title: text, Statement: text, JP: g.Outcome.JP})
	}
	return answers, nil
}
