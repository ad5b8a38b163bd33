package coursetype

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
)

// Serve answers the platform's questions with ct until the platform ends the
// process. It is all that main of a guest does. A guest writes what its author
// wants to know to stderr; nothing may be written to stdout before Serve.
func Serve(ct CourseType) {
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: Handshake(),
		Plugins:         plugin.PluginSet{Name: &Plugin{Guest: ct}},
		Logger:          hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: os.Stderr}),
		GRPCServer: func(opts []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(opts, serverOptions()...)...)
		},
	})
}

// recoverPanic turns a panic over one question into a failed answer to that
// question; the others in flight go on.
func recoverPanic(ctx context.Context, q any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (a any, err error) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(os.Stderr, "panic in %s: %v\n%s", info.FullMethod, r, debug.Stack())
			a, err = nil, toStatus(fmt.Errorf("panic: %v", r))
		}
	}()
	return next(ctx, q)
}
