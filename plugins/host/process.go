package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// A process is one life of a guest. It is what go-plugin calls a runner: start,
// pipes and death are ours, so that nothing waits on a guest without a bound.
type process struct {
	log    *slog.Logger
	limits limits
	dir    string
	cmd    *exec.Cmd
	fork   func(func() error) error
	stdout *os.File // ends of the pipes that we read
	stderr *os.File
	raw    *meter // what it writes to stderr itself
	synced *meter // what comes through go-plugin, which takes stderr over in the guest

	client *plugin.Client
	guest  coursetype.CourseType
	health grpc_health_v1.HealthClient
	unbind func() bool // cuts the tie to the Host's life

	since    time.Time    // it came up
	memory   atomic.Int64 // resident bytes, at the last look
	pardoned atomic.Bool  // its end is no failure

	exited chan struct{} // closed when the process is dead and reaped
	gone   chan struct{} // closed when also its guest knows

	mu     sync.Mutex
	pid    int // 0 before the fork
	doomed bool
	reaped bool
}

// spawn starts a process of g and waits for its first ping, at most limits.start.
// Errors: errAltered, errAbsent; why it did not come up. Nothing is left of it then.
func (h *Host) spawn(g *guest) (_ *process, err error) {
	e := g.entry
	dir, err := h.room()
	if err != nil {
		return nil, err
	}
	program, err := h.stage(e, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	defer program.Close() // the process has its own by then
	log := h.log.With("guest", e.Name, "version", e.Version)
	p := &process{
		log: log, limits: h.limits, dir: dir, fork: h.fork, raw: newMeter(log, g.tail), synced: newMeter(log, g.tail),
		exited: make(chan struct{}), gone: make(chan struct{}),
	}
	p.unbind = context.AfterFunc(h.life, func() { p.kill("closing") })
	late := time.AfterFunc(h.limits.start, func() { p.kill("slow start") })
	defer late.Stop()
	defer func() {
		if err != nil {
			p.kill("failed start")
			p.clean()
		}
	}()

	p.client = plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  coursetype.Handshake(),
		Plugins:          plugin.PluginSet{coursetype.Name: &coursetype.Plugin{}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		GRPCDialOptions:  dialOptions(coursetype.DialOptions()),
		AutoMTLS:         true,
		SkipHostEnv:      true,
		StartTimeout:     h.limits.start,
		UnixSocketConfig: &plugin.UnixSocketConfig{TempDir: dir},
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
		Stderr:           p.raw,
		SyncStderr:       p.synced,
		SyncStdout:       &pacer{},
		RunnerFunc: func(_ hclog.Logger, spec *exec.Cmd, _ string) (runner.Runner, error) {
			return p, p.prepare(e, program, spec.Env)
		},
	})
	protocol, err := p.client.Client() // ends at the latest when late kills the process
	if err != nil {
		return nil, err
	}
	rpc, ok := protocol.(*plugin.GRPCClient)
	if !ok {
		return nil, fmt.Errorf("guest speaks %T, not gRPC", protocol)
	}
	raw, err := rpc.Dispense(coursetype.Name)
	if err != nil {
		return nil, err
	}
	if p.guest, ok = raw.(coursetype.CourseType); !ok {
		return nil, fmt.Errorf("guest serves %T", raw)
	}
	p.health = grpc_health_v1.NewHealthClient(rpc.Conn)
	if err := p.ping(); err != nil {
		return nil, fmt.Errorf("first ping: %w", err)
	}
	p.since = time.Now().UTC()
	return p, nil
}

// prepare makes the command and its pipes. env is go-plugin's handshake.
func (p *process) prepare(e Entry, program *os.File, env []string) error {
	var err error
	var out, errs *os.File // ends that the guest writes
	if p.stdout, out, err = os.Pipe(); err != nil {
		return err
	}
	if p.stderr, errs, err = os.Pipe(); err != nil {
		return errors.Join(err, p.stdout.Close(), out.Close())
	}
	p.cmd = &exec.Cmd{
		Path: "/proc/self/exe", // this program, whatever lies at its path by now
		Args: []string{"wiyata", launchArg, strconv.FormatInt(2*p.limits.memory, 10), e.ID()},
		Dir:  p.dir,
		Env: append(append([]string{
			"TMPDIR=" + p.dir, "LANG=C.UTF-8", "TZ=UTC", "GOTRACEBACK=single",
			"GOMEMLIMIT=" + strconv.FormatInt(p.limits.memory*3/4, 10), // collect before the watchdog bites
		}, env...), "PLUGIN_UNIX_SOCKET_DIR="+p.dir), // the last one counts
		Stdout:     out, // files: exec copies nothing, and so waits for nothing
		Stderr:     errs,
		ExtraFiles: []*os.File{program}, // programFD
		SysProcAttr: &syscall.SysProcAttr{
			Setpgid:    true,
			Pdeathsig:  syscall.SIGKILL,
			Credential: credential(),
		},
	}
	return nil
}

// Start forks. Errors: those of exec; when the process was killed before it lived.
func (p *process) Start(context.Context) error {
	p.mu.Lock() // kill comes before, and is seen, or after, and finds a pid
	defer p.mu.Unlock()
	err := errors.New("killed before it started")
	if !p.doomed {
		err = p.fork(p.cmd.Start)
	}
	for _, f := range []any{p.cmd.Stdout, p.cmd.Stderr} {
		err = errors.Join(err, f.(*os.File).Close())
	}
	if p.cmd.Process == nil {
		return errors.Join(err, p.stdout.Close(), p.stderr.Close())
	}
	p.pid = p.cmd.Process.Pid
	go p.reap() // ends with the process; clean waits for it
	return err
}

// reap waits for the process to die, ends what is left of its group and lets the
// readers of its pipes finish, even when a stray child still holds them open.
func (p *process) reap() {
	awaitDeath(p.pid)
	p.mu.Lock()
	p.signal()          // while the zombie still holds its id and that of the group
	err := p.cmd.Wait() // returns at once
	p.reaped = true     // from here on the id may be somebody else's
	doomed := p.doomed
	p.mu.Unlock()
	soon := time.Now().Add(200 * time.Millisecond)
	// Errors: only for files without deadlines, which pipes are not.
	_ = p.stdout.SetReadDeadline(soon)
	_ = p.stderr.SetReadDeadline(soon)
	if doomed {
		p.log.Info("guest ended", "pid", p.pid)
	} else {
		p.log.Error("guest died", "pid", p.pid, "status", fmt.Sprint(err))
	}
	close(p.exited)
}

// kill ends the process and its group at once. It never waits for the guest.
func (p *process) kill(reason string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.doomed || p.reaped {
		return
	}
	p.doomed = true
	p.log.Info("guest killed", "pid", p.pid, "reason", reason)
	p.signal()
}

// signal kills the process group. p.mu is held.
func (p *process) signal() {
	if p.pid != 0 && !p.reaped {
		// Errors: ESRCH when all of the group are dead, which is what we want.
		_ = syscall.Kill(-p.pid, syscall.SIGKILL)
	}
}

// clean closes what belonged to a process that was killed or has died.
func (p *process) clean() {
	p.unbind()
	if p.ID() != "" {
		<-p.exited
		p.client.Kill() // waits for nothing: the process is dead, its pipes have deadlines
		// Errors: only when closed already.
		_ = p.stdout.Close()
		_ = p.stderr.Close()
	}
	p.raw.flush()
	p.synced.flush()
	if err := os.RemoveAll(p.dir); err != nil {
		p.log.Warn("guest's directory not removed", "error", err)
	}
}

// watch returns when the process is dead. Until then it kills one that takes too
// much memory or does not answer a ping.
func (p *process) watch() {
	var pinger sync.WaitGroup
	defer pinger.Wait()
	pinger.Go(func() {
		ticks := time.NewTicker(p.limits.ping)
		defer ticks.Stop()
		for {
			select {
			case <-p.exited:
				return
			case <-ticks.C:
				if p.ping() != nil {
					p.kill("no answer to ping")
				}
			}
		}
	})
	ticks := time.NewTicker(p.limits.sample)
	defer ticks.Stop()
	for {
		select {
		case <-p.exited:
			return
		case <-ticks.C:
			memory, threads := taken(p.pid)
			p.memory.Store(memory)
			switch {
			case memory > p.limits.memory:
				p.kill("memory")
			case threads > p.limits.threads:
				p.kill("threads")
			}
		}
	}
}

// ping asks the guest whether it is there, for at most limits.call.
func (p *process) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), p.limits.call)
	defer cancel()
	_, err := p.health.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: plugin.GRPCServiceName})
	return err
}

// The rest is what go-plugin asks of a runner.

// Wait returns when the process is dead.
func (p *process) Wait(context.Context) error { <-p.exited; return nil }

// Kill ends the process and its group.
func (p *process) Kill(context.Context) error { p.kill("go-plugin"); return nil }

// ID returns the process id, "" before the fork.
func (p *process) ID() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pid == 0 {
		return ""
	}
	return strconv.Itoa(p.pid)
}

func (p *process) Stdout() io.ReadCloser           { return &paced{ReadCloser: p.stdout} }
func (p *process) Stderr() io.ReadCloser           { return p.stderr }
func (p *process) Name() string                    { return p.cmd.Args[3] }
func (p *process) Diagnose(context.Context) string { return "" }

func (p *process) PluginToHost(network, addr string) (string, string, error) {
	return network, addr, nil
}

func (p *process) HostToPlugin(network, addr string) (string, string, error) {
	return network, addr, nil
}
