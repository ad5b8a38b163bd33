package coursetypetest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

// RunProgram is Run for the guest built at path, in a process of its own and over the
// wire. What the guest writes to stderr goes to the test's.
func RunProgram(t *testing.T, path string, settings ...coursetype.Settings) {
	t.Helper()
	Run(t, Start(t, path), settings...)
}

// Start runs the guest built at path until t ends. It has no sandbox around it: the
// platform's own launcher does that.
func Start(t testing.TB, path string) coursetype.CourseType {
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
	return ct
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
