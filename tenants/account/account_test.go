package account_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/store/storetest"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/migrations"
)

var template = storetest.Template{Guard: storetest.NewGuard(migrations.Tables), Prepare: func(ctx context.Context, db *store.DB) error {
	if err := migrations.Up(ctx, db.SQL(), db.Engine); err != nil {
		return err
	}
	return tenants.Seed(authz.AsSystem(ctx, 0), gateTo(db))
}}

func TestMain(m *testing.M) {
	code := m.Run()
	template.Remove()
	os.Exit(code)
}

func gateTo(db *store.DB) *authz.Gate {
	policy, err := authz.LoadPolicy()
	if err != nil {
		panic(err)
	}
	return authz.New(db, policy, authz.Relations{})
}

const password = "kata-sandi-panjang"

// office is a service with rina, who works in two governments, and tono, who works in none.
type office struct {
	*account.Service
	rina, tono account.ID
	in         [2]tenants.ID
	gate       *authz.Gate
	service    map[account.ID][]tenants.ID // where people are employed
	registry   *tenants.Registry
}

// registryOf is the government of that code.
func (o office) registryOf(code string) (tenants.ID, error) {
	g, err := o.registry.ByCode(code)
	return g.ID, err
}

func open(t *testing.T, db *store.DB) office { return openWith(t, db, account.Config{}) }

func openWith(t *testing.T, db *store.DB, cfg account.Config) office {
	t.Helper()
	ctx, gate := context.Background(), gateTo(db)
	registry, err := tenants.Load(authz.AsSystem(ctx, 0), gate, civil.Date{Year: 2026, Month: 11, Day: 2})
	check(t, err)
	o := office{gate: gate, registry: registry, service: map[account.ID][]tenants.ID{}}
	cfg.Ties = account.Ties{Limits: limits, Places: func(_ context.Context, _ *store.Tx, id account.ID) ([]tenants.ID, error) {
		return o.service[id], nil
	}}
	o.Service = account.New(gate, registry, cfg)
	for i, code := range []string{"15.03", "15"} {
		g, err := registry.ByCode(code)
		check(t, err)
		o.in[i] = g.ID
	}
	o.rina, err = o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Rina", Email: "Rina@Contoh.Example", NIP: "199003152015032901"}, password)
	check(t, err)
	o.tono, err = o.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Tono", Email: "tono@contoh.example"}, "")
	check(t, err)
	check(t, o.Give(authz.AsSystem(ctx, o.in[0]), o.rina, authz.SenderAdmin, ""))
	check(t, o.Give(authz.AsSystem(ctx, o.in[1]), o.rina, authz.Organiser, ""))
	return o
}

// enter signs somebody in.
func (o office) enter(t *testing.T, login string, from account.Visit) account.Pass {
	t.Helper()
	pass, err := o.SignIn(context.Background(), account.Credentials{Login: login, Password: password}, from)
	check(t, err)
	return pass
}

// tries signs in with a password, and returns the session's token.
func (o office) tries(login, password string) (string, error) {
	pass, err := o.SignIn(context.Background(), account.Credentials{Login: login, Password: password}, account.Visit{})
	return pass.Token, err
}

func TestSignIn(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		texts := map[string]bool{}
		for _, tc := range []struct {
			name, login, password string
			want                  error
		}{
			{"e-mail", "rina@contoh.example", password, nil},
			{"e-mail in capitals", " RINA@contoh.example ", password, nil},
			{"NIP", "199003152015032901", password, nil},
			{"NIP with spaces", "19900315 201503 2 901", password, nil},
			{"wrong password", "rina@contoh.example", "salah-sekali-lagi", fault.Unauthenticated},
			{"unknown", "siapa@contoh.example", password, fault.Unauthenticated},
			{"who cannot sign in yet", "tono@contoh.example", "", fault.Unauthenticated},
			{"nothing", "", "", fault.Unauthenticated},
		} {
			pass, err := o.SignIn(ctx, account.Credentials{Login: tc.login, Password: tc.password}, account.Visit{})
			token := pass.Token
			if !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) || (token == "") != (tc.want != nil) {
				t.Errorf("%s: SignIn = %q, %v, want %v", tc.name, token, err, tc.want)
			}
			if f := fault.Of(err); f != nil {
				texts[f.Text] = true
			}
		}
		if len(texts) != 1 {
			t.Errorf("refusals can be told apart: %v", texts)
		}
	})
}

// TestSwitch: choosing a tenant makes a new token and kills the old one; where the
// person holds no grant there is nothing to choose.
func TestSwitch(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, ctx := open(t, db), context.Background()
		first := o.enter(t, "rina@contoh.example", account.Visit{}).Token
		p, err := o.Authenticate(ctx, first)
		check(t, err)
		if p.ID != o.rina || p.Tenant != 0 || len(p.In()) != 2 {
			t.Fatalf("after sign-in: %+v", p)
		}
		pass, err := o.Choose(ctx, first, o.in[1])
		check(t, err)
		second := pass.Token
		if _, err := o.Authenticate(ctx, first); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("the old token = %v, want unauthenticated", err)
		}
		p, err = o.Authenticate(ctx, second)
		check(t, err)
		if a := p.Actor(p.Tenant); p.Tenant != o.in[1] || len(a.Grants) != 1 || a.Grants[0].Role != authz.Organiser {
			t.Errorf("after choosing the host: %+v", a)
		}
		if _, err := o.Choose(ctx, second, tenants.LAN); !errors.Is(err, fault.NotFound) {
			t.Errorf("choosing a stranger = %v, want not found", err)
		}
		if _, err := o.Authenticate(ctx, second); err != nil {
			t.Errorf("a refused choice ended the session: %v", err)
		}
		check(t, o.SignOut(ctx, second))
		if _, err := o.Authenticate(ctx, second); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("after signing out = %v", err)
		}
	})
}

func TestCreateAndGive(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		o, system := open(t, db), authz.AsSystem(context.Background(), 0)
		for _, tc := range []struct {
			name     string
			identity account.Identity
			password string
			want     error
		}{
			{"e-mail taken", account.Identity{Name: "Lain", Email: "rina@contoh.example"}, "", fault.Conflict},
			{"NIP taken", account.Identity{Name: "Lain", NIP: "199003152015032901"}, "", fault.Conflict},
			{"no name", account.Identity{Email: "lain@contoh.example"}, "", fault.Invalid},
			{"short password", account.Identity{Name: "Lain"}, "pendek", fault.Invalid},
			{"neither e-mail nor NIP, twice", account.Identity{Name: "Lain"}, "", nil},
			{"neither e-mail nor NIP, again", account.Identity{Name: "Lain"}, "", nil},
		} {
			if _, err := o.Create(system, tc.identity, tc.password); !errors.Is(err, tc.want) || (err == nil) != (tc.want == nil) {
				t.Errorf("%s: Create = %v, want %v", tc.name, err, tc.want)
			}
		}
		in := authz.AsSystem(context.Background(), o.in[0])
		if err := o.Give(in, o.tono, authz.System, ""); !errors.Is(err, fault.Invalid) {
			t.Errorf("a role of the machine was given: %v", err)
		}
		admin := authz.As(context.Background(), authz.Actor{Identity: o.rina, Tenant: o.in[0], Grants: []authz.Grant{{Role: authz.SenderAdmin}}})
		if err := o.Give(admin, o.tono, authz.Head, ""); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an admin without that permission gave a role: %v", err)
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
