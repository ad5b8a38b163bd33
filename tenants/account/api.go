package account

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
)

type sessionList struct {
	Body struct {
		Sessions []seenSession `json:"sessions"`
	}
}

// seenSession is a session as its owner sees it.
type seenSession struct {
	ID      string    `json:"id"`
	Device  string    `json:"device" doc:"Browser and system, empty when not known."`
	Network string    `json:"network" doc:"The network in which it began, not in full."`
	Kept    bool      `json:"kept" doc:"To stay signed in on this device was asked for."`
	Began   time.Time `json:"created_at"`
	Seen    time.Time `json:"seen_at" doc:"Last used, to the minute."`
	Current bool      `json:"current" doc:"The session that asks."`
}

type sessionPath struct {
	ID string `path:"id" format:"uuid"`
}

// operations declares what a person's programs may do with the person's sessions.
func (s *Service) operations(app *web.App) {
	const path, tag = "/api/v1/me/sessions", "account"
	web.Operation(app, huma.Operation{OperationID: "list-sessions", Method: http.MethodGet, Path: path, Summary: "Where I am signed in", Tags: []string{tag}},
		web.Policy{Door: "self"}, func(ctx context.Context, _ *struct{}) (*sessionList, error) {
			all, err := s.Sessions(ctx, web.TokenFrom(ctx))
			out := &sessionList{}
			out.Body.Sessions = make([]seenSession, len(all))
			for i, x := range all {
				out.Body.Sessions[i] = seenSession{x.ID, x.Device, x.Place(), x.Kept, x.CreatedAt, x.SeenAt, x.Current}
			}
			return out, err
		})
	web.Operation(app, huma.Operation{OperationID: "revoke-session", Method: http.MethodDelete, Path: path + "/{id}", Summary: "End one of my sessions", Tags: []string{tag}},
		web.Policy{Door: "platform"}, func(ctx context.Context, in *sessionPath) (*struct{}, error) {
			return nil, s.Revoke(ctx, web.TokenFrom(ctx), store.Canonical(in.ID))
		})
	web.Operation(app, huma.Operation{OperationID: "revoke-other-sessions", Method: http.MethodDelete, Path: path, Summary: "End all of my sessions but this one", Tags: []string{tag}},
		web.Policy{Door: "platform"}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
			return nil, s.RevokeOthers(ctx, web.TokenFrom(ctx))
		})
}
