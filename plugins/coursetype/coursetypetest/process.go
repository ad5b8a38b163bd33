package coursetypetest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// RunProgram is Run for the guest built at path, in a process of its own and over the
// wire. It also fails t when that process came to hold more memory than the platform
// lets it (Linux tells; elsewhere the log says that it is not measured). What the guest
// writes to stderr goes to the test's.
func RunProgram(t *testing.T, path string, settings ...coursetype.Settings) {
	t.Helper()
	ct, pid := start(t, path)
	Run(t, ct, settings...)
	held, err := peak(pid)
	switch {
	case err != nil:
		t.Logf("memory of the process is not measured: %v", err)
	case held > memory:
		t.Errorf("the process held %d MiB: at %d the platform ends it", held>>20, memory>>20)
	default:
		t.Logf("the process held %d MiB at most", held>>20)
	}
}

// Start runs the guest built at path until t ends. It has no sandbox around it: the
// platform's own launcher does that.
func Start(t testing.TB, path string) coursetype.CourseType {
	t.Helper()
	ct, _ := start(t, path)
	return ct
}

func start(t testing.TB, path string) (ct coursetype.CourseType, pid int) {
	t.Helper()
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig:  coursetype.Handshake(),
		Plugins:          plugin.PluginSet{coursetype.Name: &coursetype.Plugin{}},
		Cmd:              exec.Command(path), //nolint:noctx // it lives as long as the test
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		GRPCDialOptions:  coursetype.DialOptions(),
		AutoMTLS:         true,
		SkipHostEnv:      true,
		StartTimeout:     30 * time.Second,
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Off, Output: io.Discard}),
		Stderr:           os.Stderr,
	})
	t.Cleanup(client.Kill)
	ct, err := dispense(client)
	if err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ct, client.ReattachConfig().Pid
}

// peak returns the most memory in bytes that a process has held so far.
func peak(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kibibytes := 0
	if _, err := fmt.Sscan(rest, &kibibytes); err != nil {
		return 0, fmt.Errorf("VmHWM: %w", err)
	}
	return kibibytes << 10, nil
}

func dispense(client *plugin.Client) (coursetype.CourseType, error) {
	protocol, err := client.Client()
	if err != nil {
		return nil, err
	}
	raw, err := protocol.Dispense(coursetype.Name)
	if err != nil {
		return nil, err
	}
	ct, ok := raw.(coursetype.CourseType)
	if !ok {
		return nil, fmt.Errorf("it serves %T", raw)
	}
	return ct, nil
}
