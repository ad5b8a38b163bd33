package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/config"
	"github.com/wiyata-id/wiyata/platform/store"
	"github.com/wiyata-id/wiyata/plugins/host"
	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/attendance"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/certificate"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/sample"
	"github.com/wiyata-id/wiyata/tenants/schedule"
)

// demo serves a filled installation on an embedded database that is thrown away
// at the end.
func demo(ctx context.Context, args []string, log *slog.Logger) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	listen := flags.String("listen", "127.0.0.1:8080", "address to serve on")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("demo: unexpected %q", flags.Arg(0))
	}
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "wiyata-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg := config.Config{
		Database: "sqlite:" + filepath.Join(dir, "wiyata.db"), Listen: *listen, BaseURL: "http://" + *listen,
		Plugins: filepath.Join(filepath.Dir(binary), "plugins"),
	}
	db, err := store.Open(ctx, cfg.Database, time.Now)
	if err != nil {
		return err
	}
	if err := prepare(ctx, db); err != nil {
		return err
	}
	if err := installBuilt(ctx, db, filepath.Dir(binary)); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	seed, secret := make([]byte, config.KeySize), make([]byte, config.KeySize)
	rand.Read(seed) // never fails
	rand.Read(secret)
	signer, err := certificate.NewSigner(seed)
	if err != nil {
		return err
	}
	return serveWith(ctx, cfg, keys{signer, secret}, false, log, func(p *product) error {
		ids, err := sample.Fill(ctx, p.registry, p.accounts, p.employees, sample.People())
		if err != nil {
			return err
		}
		if err := appoint(ctx, p); err != nil {
			return fmt.Errorf("appoint the operator: %w", err)
		}
		if err := tell(ctx, p, ids); err != nil {
			return fmt.Errorf("tell the story: %w", err)
		}
		announce(p, cfg)
		return nil
	})
}

// installBuilt installs the guests that `make build` has put beside the binary.
func installBuilt(ctx context.Context, db *store.DB, beside string) error {
	key, err := os.ReadFile(filepath.Join(beside, "development.pub"))
	if err != nil {
		return fmt.Errorf("demo: %w: run `make build`, which signs the guests", err)
	}
	gate, err := openGate(db, &tenants.Registry{})
	if err != nil {
		return err
	}
	return installOwn(ctx, host.NewCatalogue(gate), filepath.Join(beside, "plugins"), string(key))
}

// announce prints where to sign in, as whom.
// operator keeps the demo's registry of governments.
var operator = account.Identity{Name: "Bayu Segara", Email: "bayu@wiyata.example"}

// appoint lets the operator in, as `wiyata account add -role operator` does.
func appoint(ctx context.Context, p *product) error {
	given, err := p.accounts.Appoint(authz.AsSystem(ctx, 0), 0, account.Invitation{Login: operator.Email, Name: operator.Name, Role: authz.Operator, Reason: "Contoh"})
	if err != nil {
		return err
	}
	_, err = p.accounts.Activate(ctx, given.Code, sample.Password, sample.Password, account.Visit{})
	return err
}

func announce(p *product, cfg config.Config) {
	fmt.Printf("\nWiyata: %s/masuk   (kata sandi semua orang: %s)\n\n", cfg.BaseURL, sample.Password)
	for _, who := range sample.People() {
		g, err := p.registry.ByCode(who.Code)
		if err != nil {
			continue
		}
		role := "peserta"
		if who.Role != "" {
			role = who.Role.Words()
		}
		fmt.Printf("  %-26s %-22s %s, %s\n", who.Email, who.Name, role, g.Name)
	}
	fmt.Printf("  %-26s %-22s %s\n", operator.Email, operator.Name, authz.Operator.Words())
	fmt.Printf("\n  Langkah kedua (kode autentikator) tidak diwajibkan dalam contoh ini; `wiyata serve` selalu mewajibkannya.\n")
	fmt.Printf("\n  JSON: %s/api/v1/openapi.json\n  Ctrl-C menghentikan dan membuang semua data.\n\n", cfg.BaseURL)
}

// tell fills the demo with an example: one batch that has come to its end, and one
// that has just been announced. All of it is invented.
func tell(ctx context.Context, p *product, ids map[string]account.ID) error {
	jambi, err := p.registry.ByCode("15")
	if err != nil {
		return err
	}
	as := func(key string, g tenants.ID, role authz.Role) context.Context {
		return authz.As(ctx, authz.Actor{Identity: ids[key], Tenant: g, Grants: []authz.Grant{{Role: role}}})
	}
	organiser, head := as("organiser", jambi.ID, authz.Organiser), as("head", jambi.ID, authz.Head)
	guest := p.host.List()[0]
	if err := p.programs.Enable(organiser, guest.Name, guest.Version, nil); err != nil { // a bimtek asks for nothing
		return err
	}
	title := "Bimtek Pengelolaan Arsip Digital (contoh)"
	programID, err := p.programs.Open(organiser, title, guest.Name, guest.Version, "bimtek-umum")
	if err != nil {
		return err
	}
	seats, senders := map[tenants.ID]int{}, map[string]tenants.ID{}
	for key, code := range map[string]string{"sarolangun": "15.03", "kotajambi": "15.71"} {
		g, err := p.registry.ByCode(code)
		if err != nil {
			return err
		}
		seats[g.ID], senders[key] = 1, g.ID
	}
	today := civil.DateOf(time.Now(), jambi.Zone)
	if err := dress(as("admin15", jambi.ID, authz.TenantAdmin), p, today); err != nil {
		return err
	}
	announced := func(number string, day civil.Date) (batch.Batch, error) {
		return p.batches.Publish(organiser, batch.Draft{
			ProgramID: programID, Number: number, Place: "Aula BPSDM Provinsi Jambi", Starts: day, Ends: day, Seats: seats,
		})
	}
	b, err := announced("Angkatan I", today)
	if err != nil {
		return err
	}
	if _, err := announced("Angkatan II", civil.DateOf(time.Now().AddDate(0, 0, 14), jambi.Zone)); err != nil {
		return err
	}
	ref := batch.Ref{Host: jambi.ID, ID: b.ID}
	var seated []nomination.Nomination
	for _, key := range []string{"sarolangun", "kotajambi"} {
		admin := as(key, senders[key], authz.SenderAdmin)
		employees, err := p.employees.List(admin)
		if err != nil {
			return err
		}
		for _, e := range employees {
			n, err := p.nominations.Propose(admin, ref, e.ID)
			if err != nil {
				return err
			}
			if n.State != nomination.Proposed {
				continue
			}
			if _, err := p.nominations.Approve(organiser, b.ID, n.ID); err != nil {
				return err
			}
			seated = append(seated, n)
		}
	}
	session, err := p.schedules.Schedule(organiser, b.ID, schedule.Slot{
		Title: "Tata kelola arsip digital", Starts: today.At(8, 0, jambi.Zone), Ends: today.At(11, 0, jambi.Zone), Link: "https://rapat.example/arsip",
	})
	if err != nil {
		return err
	}
	if err := p.attendance.Begin(organiser, b.ID, session); err != nil {
		return err
	}
	for _, n := range seated {
		if err := p.attendance.Mark(organiser, b.ID, session, n.ID, attendance.Present, store.NewID()); err != nil {
			return err
		}
	}
	for _, step := range []func() error{
		func() error { return p.attendance.Close(organiser, b.ID, session) },
		func() error { return p.grading.Grade(organiser, b.ID) },
		func() error { return p.grading.Recommend(head, b.ID) },
		func() error { return p.grading.Decree(head, b.ID, "800/001/CONTOH", today) },
		func() error {
			for _, n := range seated {
				if err := p.nominations.ConfirmName(authz.As(ctx, authz.Actor{Identity: n.IdentityID}), jambi.ID, n.ID); err != nil {
					return err
				}
			}
			return nil
		},
		func() error { _, err := p.certificates.Generate(organiser, b.ID); return err },
		func() error { _, err := p.certificates.Sign(head, b.ID); return err },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// dress gives the demo's host a look, a letterhead and somebody who signs.
func dress(admin context.Context, p *product, today civil.Date) error {
	if _, err := p.settings.Save(admin, tenants.Profile{
		Body: "BPSDM Provinsi Jambi", Accent: "#C8963E", Motif: "kawung", Help: "0741 000000",
		HeadLines: "PEMERINTAH PROVINSI JAMBI\nBADAN PENGEMBANGAN SUMBER DAYA MANUSIA", Address: "Jalan Contoh Nomor 1, Kota Jambi", Email: "bpsdm@jambi.example", City: "Jambi",
	}); err != nil {
		return err
	}
	o, err := p.settings.SaveOffice(admin, tenants.Office{Name: "Kepala BPSDM Provinsi Jambi", Rank: tenants.Other})
	if err != nil {
		return err
	}
	_, err = p.settings.SaveHolder(admin, tenants.Holder{
		OfficeID: o.ID, Kind: tenants.Definitive, Front: "Dra.", Name: "Nurhayati", Back: "M.Si.", NIP: "197001011995032901", Grade: "Pembina Utama Madya, IV/d", FromDay: today.Add(-365),
	})
	return err
}
