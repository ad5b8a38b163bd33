package host

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A beast is an animal that means harm. It runs in a process of its own: what is global
// here is the process's.
type beast struct {
	*animal
	grade func(ctx context.Context, answers []coursetype.Outcome) ([]coursetype.Outcome, error)
}

// Grade does harm over answers that would be right.
func (b beast) Grade(ctx context.Context, q coursetype.GradeRequest) ([]coursetype.Outcome, error) {
	answers, err := b.animal.Grade(ctx, q)
	if err != nil {
		return nil, err
	}
	return b.grade(ctx, answers)
}

// A target is what a spy is told of: things that no guest may come to.
type target struct {
	File, Unix, TCP, Secret string
	Host                    int
}

// Eligible of a spy answers with everything that it could come to.
func (b beast) Eligible(ctx context.Context, q coursetype.EligibleRequest) ([]coursetype.Eligibility, error) {
	if b.name != "spy" {
		return b.animal.Eligible(ctx, q)
	}
	var t target
	if err := json.Unmarshal([]byte(q.Candidates[0].Kind), &t); err != nil {
		return nil, err
	}
	answer := coursetype.Eligibility{Ref: q.Candidates[0].Ref, OK: true}
	if seen := strings.Join(spy(t), "; "); seen != "" {
		answer.Flags = []coursetype.Flag{{Rule: "seen", Reason: coursetype.Text{ID: seen, EN: seen}}}
	}
	return []coursetype.Eligibility{answer}, nil
}

// Describe of a weathercock differs the second time; a busybody asks for what its
// manifest does not name.
func (b beast) Describe(ctx context.Context) (coursetype.Description, error) {
	d, err := b.animal.Describe(ctx)
	if b.name == "weathercock" && fickle.Add(1)%2 == 0 {
		d.RuleSets[0].Pass.At = 60_00
	}
	if b.name == "busybody" {
		d.Asks = []coursetype.Ask{{Field: coursetype.FieldRank, Why: d.Name}}
	}
	return d, err
}

// spy returns what it has come to.
func spy(t target) (seen []string) {
	note := func(what string, err error) {
		if err == nil {
			seen = append(seen, what)
		}
	}
	for _, path := range []string{
		t.File, "/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/1/cmdline",
		fmt.Sprintf("/proc/%d/environ", t.Host), fmt.Sprintf("/proc/%d/mem", t.Host), fmt.Sprintf("/proc/%d/maps", os.Getppid()),
	} {
		_, err := os.ReadFile(path)
		note("read "+path, err)
	}
	for _, dir := range []string{"/", "/tmp", "/proc", ".."} {
		_, err := os.ReadDir(dir)
		note("list "+dir, err)
	}
	note("write to /tmp", os.WriteFile("/tmp/wiyata-spy", []byte("x"), 0o600))
	note("write a byte at home", os.WriteFile("mine", []byte("x"), 0o600))
	for network, address := range map[string]string{"unix": t.Unix, "tcp": t.TCP, "udp": t.TCP} {
		c, err := net.DialTimeout(network, address, time.Second)
		note("connect "+network, err)
		if err == nil {
			c.Close()
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	note("listen tcp", err)
	if err == nil {
		l.Close()
	}
	for _, pid := range []int{t.Host, os.Getppid(), 1, -1, 0} {
		note(fmt.Sprintf("signal %d", pid), syscall.Kill(pid, 0))
	}
	note("lower the host", syscall.Setpriority(syscall.PRIO_PROCESS, t.Host, 19))
	note("trace the host", syscall.PtraceAttach(t.Host))
	note("run a program", exec.Command("/bin/true").Run())
	_, err = os.StartProcess("/proc/self/exe", []string{"spy"}, &os.ProcAttr{})
	note("run itself", err)
	for _, v := range os.Environ() {
		if strings.Contains(v, t.Secret) {
			seen = append(seen, "environment "+v)
		}
	}
	return seen
}

var fickle atomic.Int64

// beasts by name.
var beasts = map[string]func(ctx context.Context, answers []coursetype.Outcome) ([]coursetype.Outcome, error){
	"spy":         func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) { return a, nil },
	"busybody":    func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) { return a, nil },
	"weathercock": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) { return a, nil },
	"crasher": func(context.Context, []coursetype.Outcome) ([]coursetype.Outcome, error) {
		os.Exit(7)
		return nil, nil
	},
	"sleeper": func(context.Context, []coursetype.Outcome) ([]coursetype.Outcome, error) {
		if err := syscall.Kill(os.Getpid(), syscall.SIGSTOP); err != nil {
			return nil, err
		}
		select {} // the signal is a moment on its way
	},
	"drip": func(ctx context.Context, _ []coursetype.Outcome) ([]coursetype.Outcome, error) {
		for range time.Tick(10 * time.Millisecond) { // something always seems to come
			fmt.Fprint(os.Stderr, ".")
			_ = grpc.SendHeader(ctx, metadata.Pairs("soon", "soon"))
		}
		return nil, nil
	},
	"gigabyte": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		a[0].Missing = []string{strings.Repeat("x", 1<<30)}
		return a, nil
	},
	"crowd": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		return slices.Grow(a, 10_000_000)[:10_000_000], nil
	},
	"queue": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) { // fits into a message
		return slices.Grow(a, 300_000)[:300_000], nil
	},
	"giant": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		a[0].Lines[0].Input, a[0].Lines[0].Contribution, a[0].Total = 1<<31-1, 1<<31-1, 1<<31-1
		return a, nil
	},
	"debtor": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		a[0].JP = -8
		return a, nil
	},
	"mumbler": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		a[0].Reason.ID = "\xff\xfe"
		return a, nil
	},
	"null": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		a[0].Reason.ID = "a\x00b"
		return a, nil
	},
	"flood": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		go func() {
			for {
				fmt.Fprintln(os.Stderr, `{"@level":"error","@message":"`+strings.Repeat("log ", 50)+`"}`)
			}
		}()
		return a, nil
	},
	"forkbomb": func(context.Context, []coursetype.Outcome) ([]coursetype.Outcome, error) {
		var children []string
		for range 1000 {
			if p, err := os.StartProcess("/proc/self/exe", []string{"forkbomb@1.0.0"}, &os.ProcAttr{}); err == nil {
				children = append(children, fmt.Sprint(p.Pid))
			}
		}
		return nil, fmt.Errorf("%d children", len(children))
	},
	"threads": func(ctx context.Context, _ []coursetype.Outcome) ([]coursetype.Outcome, error) {
		for range 2000 {
			go func() { _, _ = syscall.Read(blocked(), make([]byte, 1)) }()
		}
		<-ctx.Done()
		return nil, ctx.Err()
	},
	"spinner": func(context.Context, []coursetype.Outcome) ([]coursetype.Outcome, error) {
		for n := 0; ; n++ {
			if n == 0 {
				go func() {
					for { //nolint:staticcheck // that is what it does
					}
				}()
			}
		}
	},
	"forger": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		a[0].Ref = "198501012010011001"
		return a, nil
	},
	"fickle": func(_ context.Context, a []coursetype.Outcome) ([]coursetype.Outcome, error) {
		if fickle.Add(1)%2 == 0 {
			a[0].State = coursetype.Failed
		}
		return a, nil
	},
}

// blocked is a pipe in which nothing ever comes.
func blocked() int {
	var ends [2]int
	if syscall.Pipe(ends[:]) != nil {
		return -1
	}
	return ends[0]
}

// births are what a guest does instead of serving.
var births = map[string]func(){
	"stillborn": func() { os.Exit(4) },
	"mute":      func() { select {} },
	"babbler":   func() { fmt.Println("Selamat datang di layanan kami"); select {} },
	"relic":     func() { fmt.Println("1|7|unix|/nowhere|grpc|"); select {} }, // speaks another contract
	"ghost":     func() { fmt.Println("1|0|unix|/nowhere|grpc|"); select {} }, // says where it is, and is not
}
