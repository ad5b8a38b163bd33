package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/jobs"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
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
	"github.com/wiyata-id/wiyata/tenants/schedule"
	"github.com/wiyata-id/wiyata/tenants/stat"
	"github.com/wiyata-id/wiyata/tenants/trail"
)

// product is everything, connected. This file is the one that knows all.
type product struct {
	db       *store.DB
	gate     *authz.Gate
	registry *tenants.Registry
	settings *tenants.Settings
	guests   *host.Catalogue
	host     *host.Host
	web      *web.App
	queue    *jobs.Queue
	sealer   *authz.Sealer
	folder   *stat.Folder
	finisher *employee.Finisher
	witness  *authz.Witness // nil = off
	log      *slog.Logger

	accounts     *account.Service
	trail        *trail.Service
	employees    *employee.Service
	imports      *employee.Imports
	transfers    *employee.Transfers
	programs     *program.Service
	installed    *program.Guests
	batches      *batch.Service
	nominations  *nomination.Service
	schedules    *schedule.Service
	attendance   *attendance.Service
	grading      *grading.Service
	certificates *certificate.Service
	ledger       *ledger.Service
	oversight    *oversight.Service
	operator     *tenants.Operator
}

// parts is what a product is made of: opened by the caller, closed by product.Close.
type parts struct {
	db      *store.DB // migrated and seeded
	plugins string    // folder with the guests
	keys    keys
	second  bool // whoever holds a weighty role signs in with a second factor
	baseURL string
	rate    int      // requests a second of one government; 0 = any number
	proxies []string // addresses and blocks whose X-Real-IP is believed
	heads   string   // folder for the heads of the audit chains, "" = they stay in the database alone
	log     *slog.Logger

	production bool
}

// openGate returns the gate to db. registry is asked for the tree of tenants; it
// may be filled in after the gate has served to load it.
func openGate(db *store.DB, registry *tenants.Registry) (*authz.Gate, error) {
	policy, err := authz.LoadPolicy()
	if err != nil {
		return nil, err
	}
	return authz.New(db, policy, authz.Relations{Seated: nomination.SeatedIn, Below: registry.Below, Closed: registry.Closed}), nil
}

// wire connects the parts. Nothing runs yet, but for the thread that starts guests.
func wire(ctx context.Context, in parts) (*product, error) {
	registry := &tenants.Registry{}
	gate, err := openGate(in.db, registry)
	if err != nil {
		return nil, err
	}
	loaded, err := tenants.Load(authz.AsSystem(ctx, 0), gate, civil.DateOf(time.Now(), civil.WIB))
	if err != nil {
		return nil, err
	}
	if len(loaded.All()) == 0 {
		return nil, errors.New(settingDatabase + ": the database has no governments: run `wiyata migrate`")
	}
	*registry = *loaded
	registry.Follow(time.Now)

	guests := host.NewCatalogue(gate)
	installed, err := guests.List(authz.AsSystem(ctx, 0))
	if err != nil {
		return nil, err
	}
	p := &product{
		db: in.db, gate: gate, registry: registry, log: in.log, guests: guests,
		host: host.New(installed, host.Config{Folder: in.plugins, Production: in.production, Log: in.log}), sealer: authz.NewSealer(in.db, in.log),
	}
	if in.heads != "" {
		p.witness = authz.NewWitness(p.sealer, in.heads, in.keys.signer.Attest)
	}
	p.folder = stat.NewFolder(gate, registry, in.log)
	if p.settings, err = tenants.NewSettings(ctx, gate, registry); err != nil {
		return nil, err
	}
	p.accounts = account.New(gate, registry, in.keys.account(in.second))
	p.trail = trail.New(gate, registry, p.accounts.Names)
	p.employees = employee.New(gate, in.keys.key(), identities(p.accounts))
	p.finisher = employee.NewFinisher(p.employees, registry, in.log)
	p.imports = employee.NewImports(p.employees, p.accounts.EnsureAll, func() { p.queue.Wake() })
	p.transfers = employee.NewTransfers(p.employees, registry, func() { p.queue.Wake() })
	p.programs, p.installed = program.New(gate, p.host), program.NewGuests(guests, p.host)
	p.batches = batch.New(gate, registry, p.settings, p.host)
	p.nominations = nomination.New(gate, registry, p.host)
	p.schedules = schedule.New(gate, registry)
	p.attendance = attendance.New(gate, registry)
	p.grading = grading.New(gate, registry, p.host)
	p.ledger = ledger.New(gate)
	p.oversight = oversight.New(gate, registry)
	p.operator = tenants.NewOperator(gate, registry)
	handlers := p.transfers.Handlers()
	handlers[certificate.EffectCredit], handlers[employee.EffectImport] = p.ledger.Take, p.imports.Work
	p.queue, err = jobs.New(in.db, in.log, authz.AsSystem, handlers)
	if err != nil {
		p.host.Close(ctx)
		return nil, err
	}
	p.queue.Hold(func(t store.TenantID) bool { return registry.Closed(t) != nil })
	p.certificates = certificate.New(gate, p.host, registry, in.keys.signer, p.queue.Wake)

	p.web = web.New(web.Config{
		BaseURL: in.baseURL, Secure: strings.HasPrefix(in.baseURL, "https://"), Proxies: in.proxies, Log: in.log, TenantRate: in.rate,
		Authenticate: p.authenticate, Ready: func(ctx context.Context) error { return fits(ctx, in.db) },
	})
	p.web.Get("/t/:slug", web.Policy{Door: "self"}, handleEntrance)
	for _, slice := range []interface{ Routes(*web.App) }{
		p.accounts, p.settings, p.trail, p.imports, p.employees, p.transfers, p.programs, p.installed, p.batches, p.nominations, p.schedules,
		p.attendance, p.grading, p.certificates, p.ledger, p.oversight, p.operator,
	} {
		slice.Routes(p.web)
	}
	if left := p.web.Undeclared(); len(left) > 0 {
		p.host.Close(ctx)
		return nil, fmt.Errorf("routes without a policy: %v", left)
	}
	return p, nil
}

// registryPause is how late a change of the registry, or of the catalogue of guests, can
// be in another process.
const registryPause = 10 * time.Second

// work runs jobs, the sealer, the folder, the finisher, the witness and who follows the
// registry and the catalogue of guests until ctx ends, and returns when all have stopped.
func (p *product) work(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	wait.Go(func() { p.sealer.Run(ctx) })
	wait.Go(func() { p.registry.Keep(ctx, p.gate, registryPause, p.log) })
	wait.Go(func() { p.host.Follow(ctx, p.guests, registryPause) })
	wait.Go(func() {
		p.settings.Watch(ctx, func(err error) { p.log.Error("profiles not reloaded", "error", err) })
	})
	wait.Go(func() { p.folder.Run(ctx) })
	wait.Go(func() { p.finisher.Run(ctx) })
	if p.witness != nil {
		wait.Go(func() { p.witness.Run(ctx) })
	}
	err := p.queue.Run(ctx)
	stop() // a queue that could not start takes the others with it
	wait.Wait()
	return err
}

// run serves on listener until ctx ends: requests finish first, then jobs, then the sealer.
func (p *product) run(ctx context.Context, listener net.Listener) error {
	serving, endServing := context.WithCancel(ctx)
	defer endServing()
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	worked := make(chan error, 1)
	go func() {
		worked <- p.work(background)
		endServing() // without jobs nothing is served: certificates would be signed and never credited
	}()
	err := p.web.Run(serving, listener)
	stop()
	return errors.Join(err, <-worked)
}

// close ends the guests and the database. Whoever runs p must have stopped.
func (p *product) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	p.host.Close(ctx)
	if err := p.db.Close(); err != nil {
		p.log.Error("database not closed", "error", err)
	}
}

// authenticate turns a session token into the actor of a request and what the
// shell shows. A page below /t/slug acts in that tenant; all others, as oneself.
func (p *product) authenticate(ctx context.Context, token, slug string) (context.Context, *web.View, error) {
	var government tenants.Government
	if slug != "" {
		var err error
		if government, err = p.registry.BySlug(slug); err != nil {
			return nil, nil, err
		}
		if government.Slug != slug {
			return nil, nil, &web.Moved{Slug: government.Slug, Text: fmt.Sprintf("Kode %s sekarang %s. Gunakan alamat yang baru.", government.Name, government.Code)}
		}
		if err := p.registry.Closed(government.ID); err != nil {
			return nil, nil, err
		}
	}
	if token == "" {
		return ctx, &web.View{}, nil
	}
	if account.IsToken(token) {
		return p.authenticateToken(ctx, token, government)
	}
	who, err := p.accounts.Authenticate(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	ctx = web.WithStanding(ctx, web.Standing{Half: who.Half, Fresh: who.Fresh})
	if who.Half { // nobody, for the Gate: only pages that say so know a half session
		return ctx, &web.View{Person: who.Name}, nil
	}
	actor := who.Actor(government.ID)
	if slug != "" && len(actor.Grants) == 0 {
		return nil, nil, fault.Missing()
	}
	if slug != "" && who.Tenant != government.ID {
		return nil, nil, fault.New(fault.Forbidden, "Anda sedang bekerja untuk instansi lain. Ganti instansi terlebih dahulu.")
	}
	ctx = authz.As(ctx, actor)
	return ctx, p.view(ctx, who, actor, government), nil
}

// view is the shell around the pages of who: the menu of what they may do there.
func (p *product) view(ctx context.Context, who account.Person, actor authz.Actor, g tenants.Government) *web.View {
	v := &web.View{Person: who.Name, Switch: "/pilih", Security: "/saya/keamanan"}
	if g.ID == 0 {
		if p.gate.May(ctx, authz.TenantManage) {
			v.Role = authz.Operator.Words()
			v.Menu = []web.Link{
				{Path: "/operator/pemerintah", Label: ui.N("Pemerintah"), Icon: "building"},
				{Path: "/operator/hari-libur", Label: ui.N("Hari libur nasional"), Icon: "calendar"},
				{Path: "/operator/jenis-pelatihan", Label: ui.N("Jenis pelatihan"), Icon: "book"},
				{Path: "/operator/akun", Label: ui.N("Akun"), Icon: "users"},
			}
		}
		v.Bottom = []web.Link{
			{Path: "/saya", Label: ui.N("Hari ini"), Icon: "home"},
			{Path: "/saya/sertifikat", Label: ui.N("Sertifikat"), Icon: "certificate"},
			{Path: "/saya/jp", Label: ui.N("Riwayat JP"), Icon: "award"},
		}
		return v
	}
	v.Slug, v.Role = g.Slug, actor.Grants[0].Role.Words()
	p.settings.Dress(v, g)
	v.Lang = p.settings.Profile(g.ID).Language
	base := "/t/" + g.Slug
	for _, entry := range []struct {
		may               func(context.Context, authz.Permission) bool
		perm              authz.Permission
		path, label, icon string
	}{
		{p.gate.May, authz.OversightRead, "/pengawasan", ui.N("Pengawasan"), "chart"},
		{p.gate.May, authz.NominationPropose, "/kiriman", ui.N("Kiriman"), "mail"},
		{p.gate.May, authz.EmployeeRead, "/pegawai", ui.N("Pegawai"), "users"},
		{p.gate.May, authz.EmployeeRead, "/unit", ui.N("Perangkat daerah"), "building"},
		{p.gate.MayWhole, authz.EmployeeTransfer, "/mutasi", ui.N("Mutasi"), "switch"},
		{p.gate.MayWhole, authz.CreditRead, "/jp", ui.N("JP pegawai"), "award"},
		{p.gate.May, authz.NominationVerify, "/angkatan", ui.N("Angkatan"), "calendar"}, // an organiser's
		{p.gate.May, authz.OutcomeDecree, "/angkatan", ui.N("Angkatan"), "calendar"},    // a head's
		{p.gate.MayWhole, authz.RuleDeclare, "/ketentuan", ui.N("Ketentuan"), "shield"},
		{p.gate.MayWhole, authz.ProgramOpen, "/program", ui.N("Program"), "book"},
		{p.gate.May, authz.AccountRead, "/akses", ui.N("Peran dan akses"), "lock"},
		{p.gate.MayWhole, authz.TenantSet, "/pengaturan", ui.N("Pengaturan"), "settings"},
		{p.gate.MayWhole, authz.AuditRead, "/jejak-audit", ui.N("Jejak audit"), "shield"},
	} {
		if entry.may(ctx, entry.perm) {
			v.Menu = append(v.Menu, web.Link{Path: base + entry.path, Label: entry.label, Icon: entry.icon})
		}
	}
	v.ReadOnly = p.gate.May(ctx, authz.OversightRead)
	return v
}

// handleEntrance leads to the first page of what the person may do in a tenant, and a
// visitor to its face.
func handleEntrance(c *fiber.Ctx) error {
	menu := web.ViewFrom(c.UserContext()).Menu
	if _, ok := authz.ActorFrom(c.UserContext()); !ok {
		return web.Done(c, "/p/"+c.Params("slug"), "")
	}
	if len(menu) == 0 {
		return fault.New(fault.Forbidden, "Peran Anda belum mencakup halaman apa pun di sini. Hubungi admin instansi.")
	}
	return web.Done(c, menu[0].Path, "")
}
