package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/attendance"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/grading"
	"github.com/wiyata-id/wiyata/tenants/ledger"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/oversight"
	"github.com/wiyata-id/wiyata/tenants/program"
	"github.com/wiyata-id/wiyata/tenants/sample"
	"github.com/wiyata-id/wiyata/tenants/schedule"
	"github.com/wiyata-id/wiyata/tenants/stat"
	"github.com/wiyata-id/wiyata/tenants/trail"
)

// A teller tells the whole line through the Services and gives its errors back,
// so that a test can demand that there is one.
type teller struct {
	*product
	super *sql.DB
	ids   map[string]account.ID

	run        batch.Batch
	session    schedule.ID
	andi, maya nomination.ID
}

// probe runs the probe suite on db: nil says that everything that the product
// promises still works. guests is shared, because starting one takes longer than
// the line.
func probe(ctx context.Context, db *store.DB, super *sql.DB, guests *host.Host) error {
	p, err := connect(ctx, db, guests)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	l := &teller{product: p, super: super, ids: map[string]account.ID{}}
	for _, who := range everybody() {
		var id string
		if err := super.QueryRow("SELECT id FROM identity WHERE email = $1", who.Email).Scan(&id); err != nil {
			return err
		}
		l.ids[who.Key] = account.ID(id)
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"seed", l.seed}, {"accounts", l.accountsWork}, {"access", l.access}, {"sign-in", l.signInWorks}, {"settings", l.settingsWork}, {"guests", l.guestsWork}, {"register", l.register}, {"import", l.importing}, {"move", l.move}, {"publish", l.publish}, {"confirm", l.confirm}, {"nominate", l.nominate}, {"attend", l.attend},
		{"grade", l.grade}, {"completions", l.completions}, {"certify", l.certify}, {"seal", l.seal}, {"credit", l.credit}, {"fold", l.fold}, {"promises", l.promises}, {"seal again", l.seal}, {"trail", l.readTrail},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// connect is wire without pages and jobs, around guests that are running already.
func connect(ctx context.Context, db *store.DB, guests *host.Host) (*product, error) {
	registry := &tenants.Registry{}
	gate, err := openGate(db, registry)
	if err != nil {
		return nil, err
	}
	loaded, err := tenants.Load(authz.AsSystem(ctx, 0), gate, today())
	if err != nil {
		return nil, err
	}
	*registry = *loaded
	signer, err := certificate.NewSigner(make([]byte, 32))
	if err != nil {
		return nil, err
	}
	settings, err := tenants.NewSettings(ctx, gate, registry)
	if err != nil {
		return nil, err
	}
	quiet := slog.New(slog.DiscardHandler)
	credits, accounts := ledger.New(gate), account.New(gate, registry, account.Config{Ties: ties()})
	employees := registerOf(gate, accounts)
	transfers := employee.NewTransfers(employees, registry, func() {})
	handlers := transfers.Handlers()
	handlers[certificate.EffectCredit] = credits.Take
	handlers["probe"] = func(context.Context, jobs.Row) error { return errors.New("nobody to carry it out") }
	queue, err := jobs.New(db, quiet, authz.AsSystem, handlers)
	if err != nil {
		return nil, err
	}
	return &product{
		db: db, gate: gate, registry: registry, settings: settings, guests: host.NewCatalogue(gate), host: guests, queue: queue, sealer: authz.NewSealer(db, quiet),
		accounts: accounts, trail: trail.New(gate, registry, accounts.Names), employees: employees, imports: importsOf(gate, accounts), transfers: transfers, programs: program.New(gate, guests),
		batches: batch.New(gate, registry, settings, guests), nominations: nomination.New(gate, registry, guests), schedules: schedule.New(gate, registry),
		attendance: attendance.New(gate, registry), grading: grading.New(gate, registry, guests), ledger: credits,
		folder: stat.NewFolder(gate, registry, quiet), oversight: oversight.New(gate, registry), certificates: certificate.New(gate, guests, registry, signer, func() {}),
	}, nil
}

// as acts as a person in the government of code; "" for what is one's own.
func (l *teller) as(ctx context.Context, key, code string, role authz.Role) context.Context {
	a := authz.Actor{Identity: l.ids[key]}
	if code != "" {
		g, _ := l.registry.ByCode(code) // a missing one is refused as tenant 0
		a.Tenant, a.Grants = g.ID, []authz.Grant{{Role: role}}
	}
	return authz.As(ctx, a)
}

func (l *teller) organiser(ctx context.Context) context.Context {
	return l.as(ctx, "organiser", "15", authz.Organiser)
}

func (l *teller) id(code string) tenants.ID {
	g, _ := l.registry.ByCode(code)
	return g.ID
}

// seed puts a government back that has been lost, and leaves the others alone; an
// operator renames one.
func (l *teller) seed(ctx context.Context) error {
	if len(l.registry.All()) != 549 {
		return fmt.Errorf("%d governments", len(l.registry.All()))
	}
	if _, err := l.super.ExecContext(ctx, "DELETE FROM tenant_era WHERE tenant_id = 2"); err != nil {
		return err
	}
	if _, err := l.super.ExecContext(ctx, "DELETE FROM tenant WHERE id = 2"); err != nil {
		return err
	}
	if err := tenants.Seed(authz.AsSystem(ctx, 0), l.gate); err != nil {
		return err
	}
	again, err := tenants.Load(authz.AsSystem(ctx, 0), l.gate, today())
	if err != nil {
		return err
	}
	if err := same("governments seeded again", len(again.All()), 549, nil); err != nil {
		return err
	}
	operator := tenants.NewOperator(l.gate, l.registry)
	for _, day := range []int{1, 2} { // each ends the era before, and is numbered after the change before
		_, err := operator.Change(authz.AsSystem(ctx, 0), l.id("35.23"), tenants.Change{
			Act: tenants.Renamed, Name: fmt.Sprint("Kabupaten Tuban ", day), From: civil.Date{Year: 2090, Month: 1, Day: day}, Decree: "PP 1/2090",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// accountsWork creates and registers somebody, signs in, chooses and signs out.
func (l *teller) accountsWork(ctx context.Context) error {
	id, err := l.accounts.Create(authz.AsSystem(ctx, 0), account.Identity{Name: "Wulan", Email: "wulan@tuban.example"}, sample.Password)
	if err != nil {
		return err
	}
	for _, code := range []string{"35.23", "35"} {
		if err := l.accounts.Give(authz.AsSystem(ctx, l.id(code)), id, authz.SenderAdmin, ""); err != nil {
			return err
		}
	}
	_, err = l.employees.Register(l.as(ctx, "tuban", "35.23", authz.SenderAdmin), employee.Employee{IdentityID: id, Kind: employee.NonASN, Name: "Wulan", Active: true})
	if err != nil {
		return err
	}
	begun, err := l.accounts.SignIn(ctx, account.Credentials{Login: "wulan@tuban.example", Password: sample.Password}, account.Visit{})
	if err != nil {
		return err
	}
	pass, err := l.accounts.Choose(ctx, begun.Token, l.id("35.23"))
	if err != nil {
		return err
	}
	chosen := pass.Token
	_, err = l.accounts.Authenticate(ctx, begun.Token)
	if err := refused("the token before the choice", err, fault.Unauthenticated); err != nil {
		return err
	}
	who, err := l.accounts.Authenticate(ctx, chosen)
	if err := same("tenant chosen", who.Tenant, l.id("35.23"), err); err != nil {
		return err
	}
	if err := l.accounts.SignOut(ctx, chosen); err != nil {
		return err
	}
	_, err = l.accounts.Authenticate(ctx, chosen)
	return refused("the token after signing out", err, fault.Unauthenticated)
}

func (l *teller) announce(ctx context.Context, key, code, title string) (b batch.Batch, err error) {
	ctx = l.as(ctx, key, code, authz.Organiser)
	guest, err := l.host.Guest("bimtek", "1.0.0")
	if err != nil {
		return b, err
	}
	described, err := guest.Describe(ctx)
	if err != nil {
		return b, err
	}
	for range 2 { // the second time in the place of the first
		if err := l.programs.Enable(ctx, "bimtek", "1.0.0", nil); err != nil {
			return b, err
		}
	}
	id, err := l.programs.Open(ctx, title, "bimtek", "1.0.0", described.RuleSets[0].Key)
	if err != nil {
		return b, err
	}
	return l.batches.Publish(ctx, batch.Draft{ProgramID: id, Number: "Angkatan I", Place: "Aula", Starts: today(), Ends: today(),
		Seats: map[tenants.ID]int{l.id("15.03"): 1, l.id("15.71"): 1}})
}

func (l *teller) ref() batch.Ref { return batch.Ref{Host: l.run.TenantID, ID: l.run.ID} }

func (l *teller) publish(ctx context.Context) (err error) {
	if l.run, err = l.announce(ctx, "organiser", "15", "Bimtek Arsip"); err != nil {
		return err
	}
	all, err := l.programs.List(l.organiser(ctx))
	if err := same("programs", len(all), 1, err); err != nil {
		return err
	}
	open, err := l.batches.Open(l.organiser(ctx), l.run.ID)
	return same("quotas", len(open.Quota), 2, err)
}

// propose nominates the first employee of that name.
func (l *teller) propose(ctx context.Context, in batch.Ref, admin, code, key string) (nomination.Nomination, error) {
	ctx = l.as(ctx, admin, code, authz.SenderAdmin)
	all, err := l.employees.List(ctx)
	if err != nil {
		return nomination.Nomination{}, err
	}
	for _, e := range all {
		if e.IdentityID == l.ids[key] {
			return l.nominations.Propose(ctx, in, e.ID)
		}
	}
	return nomination.Nomination{}, fmt.Errorf("%s is no employee of %s", key, code)
}

// nominate seats andi and maya, lets budi wait, and has another host ask for andi in vain.
func (l *teller) nominate(ctx context.Context) error {
	invited, err := l.batches.Invited(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin))
	if err := same("invitations", len(invited), 1, err); err != nil {
		return err
	}
	for _, n := range []struct {
		admin, code, key string
		state            nomination.State
		id               *nomination.ID
	}{
		{"sarolangun", "15.03", "andi", nomination.Proposed, &l.andi}, {"sarolangun", "15.03", "budi", nomination.Waiting, new(nomination.ID)},
		{"kotajambi", "15.71", "maya", nomination.Proposed, &l.maya},
	} {
		made, err := l.propose(ctx, l.ref(), n.admin, n.code, n.key)
		if err := same("state of "+n.key, made.State, n.state, err); err != nil {
			return err
		}
		*n.id = made.ID
	}
	for _, id := range []nomination.ID{l.andi, l.maya} {
		if _, err := l.nominations.Approve(l.organiser(ctx), l.run.ID, id); err != nil {
			return err
		}
	}
	_, all, err := l.nominations.List(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin), l.ref())
	if err := same("nominations that a sender sees", len(all), 2, err); err != nil {
		return err
	}
	other, err := l.announce(ctx, "sumbar", "13", "Bimtek Lain")
	if err != nil {
		return err
	}
	n, err := l.propose(ctx, batch.Ref{Host: other.TenantID, ID: other.ID}, "sarolangun", "15.03", "andi")
	if err != nil {
		return err
	}
	_, err = l.nominations.Approve(l.as(ctx, "sumbar", "13", authz.Organiser), other.ID, n.ID)
	return refused("a second host at the same time", err, fault.Conflict)
}

func (l *teller) attend(ctx context.Context) (err error) {
	o := l.organiser(ctx)
	l.session, err = l.schedules.Schedule(o, l.run.ID, schedule.Slot{Title: "Sesi", Link: "https://rapat.example/x",
		Starts: today().At(8, 0, civil.WIB), Ends: today().At(11, 0, civil.WIB)})
	if err != nil {
		return err
	}
	for _, sender := range []string{"15.03", "15.71"} { // both have a seat, and so the link
		_, all, err := l.schedules.List(l.as(ctx, "sarolangun", sender, authz.SenderAdmin), l.ref())
		if err := same("sessions that a sender sees", len(all), 1, err); err != nil {
			return err
		}
	}
	if _, _, err := l.schedules.Show(l.as(ctx, "andi", "", ""), l.ref(), l.session); err != nil {
		return err
	}
	if err := l.attendance.Begin(o, l.run.ID, l.session); err != nil {
		return err
	}
	for _, n := range []nomination.ID{l.andi, l.maya} {
		if err := l.attendance.Mark(o, l.run.ID, l.session, n, attendance.Present, store.NewID()); err != nil {
			return err
		}
	}
	roll, err := l.attendance.Roll(o, l.run.ID, l.session)
	if err := same("marks", len(roll.Marks), 2, err); err != nil {
		return err
	}
	return l.attendance.Close(o, l.run.ID, l.session)
}

func (l *teller) grade(ctx context.Context) error {
	if err := l.grading.Grade(l.organiser(ctx), l.run.ID); err != nil {
		return err
	}
	head := l.as(ctx, "head", "15", authz.Head)
	if err := l.grading.Recommend(head, l.run.ID); err != nil {
		return err
	}
	if err := l.grading.Decree(head, l.run.ID, "800/1", today()); err != nil {
		return err
	}
	_, results, err := l.grading.List(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin), l.ref())
	return same("results that a sender sees", len(results), 1, err)
}

func (l *teller) certify(ctx context.Context) error {
	if err := l.nominations.ConfirmName(l.as(ctx, "andi", "", ""), l.run.TenantID, l.andi); err != nil {
		return err
	}
	if err := l.nominations.ConfirmName(l.as(ctx, "maya", "", ""), l.run.TenantID, l.maya); err != nil {
		return err
	}
	n, err := l.certificates.Generate(l.organiser(ctx), l.run.ID)
	if err := same("certificates generated", n, 2, err); err != nil {
		return err
	}
	n, err = l.certificates.Sign(l.as(ctx, "head", "15", authz.Head), l.run.ID)
	if err := same("certificates signed", n, 2, err); err != nil {
		return err
	}
	mine, err := l.certificates.Mine(l.as(ctx, "andi", "", ""))
	if err := same("own certificates", len(mine), 1, err); err != nil {
		return err
	}
	_, genuine, err := l.certificates.Verify(ctx, mine[0].Token)
	if err := same("genuine", genuine, true, err); err != nil {
		return err
	}
	_, all, err := l.certificates.List(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin), l.ref())
	return same("certificates that a sender sees", len(all), 1, err)
}

// credit works the outbox; then the person, the employer, the province and the
// nation see the hours.
func (l *teller) credit(ctx context.Context) error {
	if err := deliver(ctx, l.product); err != nil {
		return err
	}
	mine, err := l.ledger.Transcript(l.as(ctx, "andi", "", ""))
	if err := same("own hours", mine.JP, 4, err); err != nil {
		return err
	}
	all, err := l.ledger.List(l.as(ctx, "sarolangun", "15.03", authz.SenderAdmin))
	if err := same("lines of the employer", len(all), 1, err); err != nil {
		return err
	}
	for _, code := range []string{"LAN", "15"} {
		sum, err := l.oversight.Summary(l.as(ctx, "overseer", code, authz.Overseer))
		if err := same("hours below "+code, sum.JP, 8, err); err != nil {
			return err
		}
	}
	return nil
}
