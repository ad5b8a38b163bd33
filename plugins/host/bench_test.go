package host

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	pb "github.com/wiyata-id/wiyata/plugins/coursetype/proto"
)

// What the benchmarks demand.
const (
	mostRoundTrip = 2.0                    // p50 against a bare call
	mostRecovery  = 500 * time.Millisecond // from a kill to the next answer
	mostDisturbed = 2.0                    // p99 of who does not need the guest, against without it
)

func quantile(all []time.Duration, q float64) time.Duration {
	slices.Sort(all)
	return all[min(len(all)-1, int(q*float64(len(all))))].Round(time.Microsecond)
}

// built is the real bimtek, in the kennel.
var built = sync.OnceValue(func() Entry {
	e := self("bimtek")
	dir := filepath.Join(kennel, e.ID())
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(dir, "bimtek"), "../bimtek")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic(string(out))
	}
	found, err := sums(dir)
	if err != nil {
		panic(err)
	}
	return self("bimtek", func(m *Manifest) { m.Program, m.Files = "bimtek", map[string]string{"bimtek": found["bimtek"]} })
})

// bimtek returns a host with the product's limits and the real bimtek.
func bimtek(b *testing.B) (*Host, coursetype.CourseType) {
	b.Helper()
	h := New([]Entry{built()}, Config{Folder: kennel, Log: slog.New(slog.DiscardHandler)})
	b.Cleanup(func() { closeHost(b, h) })
	ct, err := h.Guest("bimtek", "1.0.0")
	if err != nil {
		b.Fatal(err)
	}
	return h, ct
}

// records are of participants who attended five sessions.
func records(n int) []coursetype.Record {
	all := make([]coursetype.Record, n)
	for i := range all {
		all[i].Ref = coursetype.Ref(fmt.Sprint("p", i))
		for s := range 5 {
			all[i].Sessions = append(all[i].Sessions, coursetype.Presence{
				Session: coursetype.Ref(fmt.Sprint("s", s)), Day: "2026-11-02", JP: 4, Present: (i+s)%11 != 0})
		}
	}
	return all
}

func graded(b *testing.B, ct coursetype.CourseType, n int) coursetype.Outcome {
	b.Helper()
	os, err := ct.Grade(b.Context(), coursetype.GradeRequest{RuleSet: "bimtek-umum", Records: records(n)})
	if err != nil || len(os) != n {
		b.Fatalf("%d outcomes, %v", len(os), err)
	}
	return os[0]
}

// BenchmarkRoundTrip holds a question to a guest against a bare gRPC call over a Unix
// socket, with the same message, the same kind of keys and the same low priority: in
// turn. What the priority itself costs, a bare server of ordinary priority shows.
func BenchmarkRoundTrip(b *testing.B) {
	_, ct := bimtek(b)
	bare, ordinary := bareClient(b, 19), bareClient(b, 0)
	q := coursetype.GradeRequest{RuleSet: "bimtek-umum", Records: records(1)}
	question := &pb.GradeRequest{RuleSet: "bimtek-umum", Records: []*pb.Record{{Ref: "p0"}}}
	for s := range 5 {
		question.Records[0].Sessions = append(question.Records[0].Sessions, &pb.Presence{Session: fmt.Sprint("s", s), Day: "2026-11-02", Jp: 4, Present: s != 0})
	}
	graded(b, ct, 1)
	var took [3][]time.Duration
	calls := []func() error{
		func() error { _, err := ct.Grade(b.Context(), q); return err },
		func() error { _, err := bare.Grade(b.Context(), question); return err },
		func() error { _, err := ordinary.Grade(b.Context(), question); return err },
	}
	for b.Loop() {
		for n := range 500 {
			for i := range calls {
				i = (i + n) % len(calls) // none is always the one after the slowest
				began := time.Now()
				if err := calls[i](); err != nil {
					b.Fatal(err)
				}
				took[i] = append(took[i], time.Since(began))
			}
		}
	}
	p50 := func(i int) time.Duration { return quantile(took[i], .5) }
	p99 := func(i int) time.Duration { return quantile(took[i], .99) }
	ratio := float64(p50(0)) / float64(p50(1))
	fmt.Printf("figure: guest: round trip p50 %v, p99 %v; bare gRPC %v, %v, ratio %.2f, at most %.1f; bare at ordinary priority %v, %v (%d each)\n",
		p50(0), p99(0), p50(1), p99(1), ratio, mostRoundTrip, p50(2), p99(2), len(took[0]))
	if ratio > mostRoundTrip {
		b.Errorf("a question to a guest takes %.2f of a bare call, at most %.1f", ratio, mostRoundTrip)
	}
}

// BenchmarkThroughput: eight callers, of one participant and of 500 at a time; then a
// national intake.
func BenchmarkThroughput(b *testing.B) {
	h, ct := bimtek(b)
	graded(b, ct, 1)
	const intake = 62_000
	sizes, all, pid := []int{1, coursetype.MaxChunk}, records(intake), h.List()[0].PID
	perSecond, most := map[int][]time.Duration{}, int64(0) // the time of one question, by size
	var took []time.Duration
	for b.Loop() {
		for _, n := range sizes {
			var calls atomic.Int64
			var wait sync.WaitGroup
			began := time.Now()
			for range 8 {
				wait.Go(func() {
					for time.Since(began) < time.Second {
						graded(b, ct, n)
						calls.Add(1)
					}
				})
			}
			wait.Wait()
			perSecond[n] = append(perSecond[n], time.Since(began)/time.Duration(calls.Load()))
		}
		measured, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(measured)
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for {
				memory, _ := taken(pid)
				most = max(most, memory)
				select {
				case <-tick.C:
				case <-done:
					return
				}
			}
		}()
		began := time.Now()
		os, err := ct.Grade(b.Context(), coursetype.GradeRequest{RuleSet: "bimtek-umum", Records: all})
		took = append(took, time.Since(began))
		close(done)
		<-measured
		if err != nil || len(os) != intake {
			b.Fatal(len(os), err)
		}
	}
	for _, n := range sizes {
		rate := 1 / quantile(perSecond[n], .5).Seconds()
		fmt.Printf("figure: guest: 8 callers, %d participants a question: %.0f questions/s, %.0f participants/s (median of %d)\n", n, rate, rate*float64(n), len(perSecond[n]))
	}
	fmt.Printf("figure: guest: %d participants graded in %v (median of %d); the guest takes at most %d MiB\n", intake, quantile(took, .5), len(took), most>>20)
}

// BenchmarkStart: from nothing to the first answer, and from a kill to the next one.
func BenchmarkStart(b *testing.B) {
	built()
	var starts, recoveries []time.Duration
	memory := int64(0)
	for b.Loop() {
		h, ct := bimtek(b)
		began := time.Now()
		graded(b, ct, 1)
		starts = append(starts, time.Since(began))
		pid := h.List()[0].PID
		resident, _ := taken(pid)
		memory = max(memory, resident)
		began = time.Now()
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			b.Fatal(err)
		}
		graded(b, ct, 1)
		recoveries = append(recoveries, time.Since(began))
		closeHost(b, h)
	}
	fmt.Printf("figure: guest: started and answering after %v (median of %d, longest %v); %d MiB resident\n", quantile(starts, .5), len(starts), quantile(starts, 1), memory>>20)
	fmt.Printf("figure: guest: answering again %v after kill -9 (median of %d, longest %v), at most %v\n", quantile(recoveries, .5), len(starts), quantile(recoveries, 1), mostRecovery)
	if quantile(recoveries, .5) > mostRecovery {
		b.Errorf("answering again %v after kill -9, at most %v", quantile(recoveries, .5), mostRecovery)
	}
}

// BenchmarkNeighbours: while a guest does its worst, who does not need it hardly notices.
// Requests are gRPC calls to the bare server, in pairs of one second with and without.
func BenchmarkNeighbours(b *testing.B) {
	bare := bareClient(b, 0)
	p99 := func() time.Duration {
		var all []time.Duration
		for began := time.Now(); time.Since(began) < time.Second; {
			asked := time.Now()
			if _, err := bare.Grade(b.Context(), &pb.GradeRequest{}); err != nil {
				b.Fatal(err)
			}
			all = append(all, time.Since(asked))
		}
		return quantile(all, .99)
	}
	for _, name := range []string{"spinner", "hog", "forkbomb", "flood"} {
		b.Run(name, func(b *testing.B) {
			p99() // warm
			var ratios []float64
			var calm, disturbed []time.Duration
			for b.Loop() {
				before := p99()
				h := New([]Entry{self(name)}, Config{Folder: kennel, Log: slog.New(slog.DiscardHandler)})
				ct, err := h.Guest(name, "1.0.0")
				if err != nil {
					b.Fatal(err)
				}
				if _, err := ct.Describe(b.Context()); err != nil {
					b.Fatal(err)
				}
				rampage, stop := context.WithCancel(b.Context())
				over := make(chan struct{})
				go func() {
					defer close(over)
					for rampage.Err() == nil && h.List()[0].State != Disabled {
						_, _ = one(rampage, ct) // what becomes of it, the zoo says
					}
				}()
				during := p99()
				stop()
				closeHost(b, h)
				<-over
				calm, disturbed, ratios = append(calm, before), append(disturbed, during), append(ratios, float64(during)/float64(before))
			}
			slices.Sort(ratios)
			median := ratios[len(ratios)/2]
			fmt.Printf("figure: guest: %-8s p99 of others %v, without it %v; ratio %.2f (%.2f–%.2f, %d pairs), at most %.1f\n",
				name, quantile(disturbed, .5), quantile(calm, .5), median, ratios[0], ratios[len(ratios)-1], len(ratios), mostDisturbed)
			if median > mostDisturbed {
				b.Errorf("%s: p99 of others is %.2f of what it is without it, at most %.1f", name, median, mostDisturbed)
			}
		})
	}
}

// bareClient talks to a gRPC server in a process of its own that answers at once: over a
// Unix socket, with keys like those of go-plugin. nice is its priority.
func bareClient(b *testing.B, nice int) pb.CourseTypeClient {
	b.Helper()
	dir, err := os.MkdirTemp("", "wy") //nolint:usetesting // short: a socket is in it
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, cert, cert, &key.PublicKey, key)
	if err != nil {
		b.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		b.Fatal(err)
	}
	for name, content := range map[string][]byte{"cert": der, "key": secret} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	server := exec.Command("nice", "-n", strconv.Itoa(nice), os.Args[0])
	server.Env = append(os.Environ(), "WIYATA_BARE="+dir)
	server.Stderr = os.Stderr
	out, err := server.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() }) // signal: killed
	if _, err := out.Read(make([]byte, 1)); err != nil {
		b.Fatal(err)
	}
	conn, err := grpc.NewClient("unix:"+filepath.Join(dir, "socket"), grpc.WithTransportCredentials(credentials.NewTLS(bareTLS(dir))))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { conn.Close() })
	return pb.NewCourseTypeClient(conn)
}

// bareTLS is for both ends.
func bareTLS(dir string) *tls.Config {
	der, err := os.ReadFile(filepath.Join(dir, "cert"))
	if err != nil {
		panic(err)
	}
	secret, err := os.ReadFile(filepath.Join(dir, "key"))
	if err != nil {
		panic(err)
	}
	key, err := x509.ParseECPrivateKey(secret)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12,
		RootCAs: pool, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, ServerName: "localhost",
	}
}

// bareServer answers a right grade at once.
type bareServer struct {
	pb.UnimplementedCourseTypeServer
	answer *pb.GradeResponse
}

func (s bareServer) Grade(context.Context, *pb.GradeRequest) (*pb.GradeResponse, error) {
	return s.answer, nil
}

// serveBare never returns.
func serveBare(dir string) {
	l, err := net.Listen("unix", filepath.Join(dir, "socket"))
	if err != nil {
		panic(err)
	}
	s := grpc.NewServer(grpc.Creds(credentials.NewTLS(bareTLS(dir))))
	note := "Hadir 16 dari 20 JP terjadwal; dibulatkan ke dua desimal, 0,005 ke atas."
	pb.RegisterCourseTypeServer(s, bareServer{answer: &pb.GradeResponse{Answers: []*pb.Outcome{{
		Ref: "p0", State: "passed", Total: 80_00, Lines: []*pb.Line{{Component: "kehadiran", Weight: 100_00, Input: 80_00, Note: &pb.Text{Id: note, En: note}}},
		Reason: &pb.Text{Id: note, En: note},
	}}}})
	fmt.Println("ready")
	panic(s.Serve(l))
}
