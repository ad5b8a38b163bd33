package program

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/fault"
	"github.com/wiyata-id/wiyata/platform/web"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
)

const guestsPath = "/operator/jenis-pelatihan"

// Routes declares the operator's pages and operations of installed course types.
func (s *Guests) Routes(app *web.App) {
	may := web.Policy{Door: "platform", Perm: authz.GuestManage.String()}
	proven := web.Policy{Door: "platform", Perm: authz.GuestManage.String(), StepUp: true}
	app.Get(guestsPath, may, s.handleList)
	app.Get(guestsPath+"/:course/:release", may, s.handleGuest)
	app.Get(guestsPath+"/:course/:release/:switch", proven, s.handleSwitchForm)
	app.Post(guestsPath+"/:course/:release/:switch", proven, s.handleSwitch)

	const path = "/api/v1/operator/guests"
	web.Operation(app, huma.Operation{OperationID: "list-guests", Method: http.MethodGet, Path: path, Summary: "List the installed course types, and how they run on this node"}, may, s.apiGuests)
	web.Operation(app, huma.Operation{OperationID: "read-guest", Method: http.MethodGet, Path: path + "/{course}/{release}", Summary: "Look into an installed course type: signature, rule-sets, log"}, may, s.apiGuest)
	web.Operation(app, huma.Operation{OperationID: "switch-guest", Method: http.MethodPatch, Path: path + "/{course}/{release}", DefaultStatus: http.StatusNoContent,
		Summary: "Let an installed course type run, or stop it, on all nodes"}, proven, s.apiSwitch)
}

// guestPath is the page of a version of a course type.
func guestPath(e host.Status) string { return guestsPath + "/" + e.Name + "/" + e.Version }

func (s *Guests) handleList(c *fiber.Ctx) error {
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, guestsPage(all))
}

func (s *Guests) handleGuest(c *fiber.Ctx) error {
	g, err := s.Find(c.UserContext(), c.Params("course"), c.Params("release"))
	if err != nil {
		return err
	}
	return web.Render(c, fiber.StatusOK, guestPage(g))
}

// A lever turns a version of a course type on or off, by its place in addresses.
type lever struct {
	on                   bool
	title, warned, asked string
}

var levers = map[string]lever{
	"aktifkan": {true, ui.N("Aktifkan versi ini"), ui.N("Versi ini dijalankan lagi di semua server, juga bila sebelumnya dihentikan karena berulang kali gagal."),
		ui.N("Apa yang sudah diperbaiki. Tercatat di jejak audit.")},
	"nonaktifkan": {false, ui.N("Nonaktifkan versi ini"), ui.N("Prosesnya dihentikan di semua server. Yang membutuhkannya, seperti usulan dan penilaian angkatan, tertunda sampai versi ini diaktifkan lagi."),
		ui.N("Mengapa dihentikan. Tercatat di jejak audit.")},
}

func (s *Guests) handleSwitchForm(c *fiber.Ctx) error {
	return s.showSwitch(c, fiber.StatusOK, "")
}

func (s *Guests) showSwitch(c *fiber.Ctx, status int, wrong string) error {
	turn, known := levers[c.Params("switch")]
	if !known {
		return fault.Missing()
	}
	all, err := s.List(c.UserContext())
	if err != nil {
		return err
	}
	for _, g := range all {
		if g.Name == c.Params("course") && g.Version == c.Params("release") {
			return web.Render(c, status, switchPage(g, c.Params("switch"), turn, c.FormValue("reason"), wrong))
		}
	}
	return fault.Missing()
}

func (s *Guests) handleSwitch(c *fiber.Ctx) error {
	turn, known := levers[c.Params("switch")]
	if !known {
		return fault.Missing()
	}
	err := s.Switch(c.UserContext(), c.Params("course"), c.Params("release"), turn.on, c.FormValue("reason"))
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		return s.showSwitch(c, fiber.StatusUnprocessableEntity, f.Text)
	}
	if err != nil {
		return err
	}
	said := ui.T(c.UserContext(), "Versi ini dinonaktifkan.")
	if turn.on {
		said = ui.T(c.UserContext(), "Versi ini diaktifkan.")
	}
	return web.Done(c, guestsPath+"/"+c.Params("course")+"/"+c.Params("release"), said)
}

// A guestView is an installed course type as an operator's programs read it.
type guestView struct {
	Course    string             `json:"course"`
	Version   string             `json:"version"`
	Vendor    string             `json:"vendor"`
	Enabled   bool               `json:"enabled"`
	Reason    string             `json:"reason,omitempty" doc:"Why it was last enabled or disabled"`
	ChangedAt time.Time          `json:"changed_at" doc:"When it was last enabled or disabled, or installed"`
	Current   bool               `json:"current" doc:"New programs begin with this version"`
	State     host.State         `json:"state" enum:"idle,starting,running,disabled" doc:"On this node"`
	Since     *time.Time         `json:"since,omitempty" doc:"When its process came up"`
	Starts    int                `json:"starts" doc:"Of its process, since this node began to serve"`
	Failures  int                `json:"failures" doc:"Within the last hour; the third disables it"`
	Questions int                `json:"questions" doc:"Since this node began to serve"`
	Errors    int                `json:"errors" doc:"Of the questions, how many it is to blame for"`
	Memory    int64              `json:"memory" doc:"Bytes, when last looked at; 0 when it does not run"`
	Asks      []coursetype.Field `json:"asks" doc:"Personal data that it may ask for"`
	Contract  int                `json:"contract"`
	Key       string             `json:"key" doc:"With which its manifest was signed, 64 hex digits"`
	Manifest  string             `json:"manifest" doc:"SHA-256 of the manifest, in hex"`
}

func viewGuest(g host.Status) guestView {
	v := guestView{
		Course: g.Name, Version: g.Version, Vendor: g.Vendor, Enabled: g.Enabled, Reason: g.Reason, ChangedAt: g.ChangedAt, Current: g.Current, State: g.State,
		Starts: g.Starts, Failures: g.Failures, Questions: g.Calls, Errors: g.Errors, Memory: g.Memory, Asks: g.Asks, Contract: g.Contract, Key: g.Key, Manifest: g.Sum(),
	}
	if !g.Since.IsZero() {
		v.Since = &g.Since
	}
	if v.Asks == nil {
		v.Asks = []coursetype.Field{}
	}
	return v
}

type lineView struct {
	At   time.Time `json:"at"`
	Text string    `json:"text" doc:"A stranger's text, cut and cleaned"`
}

type (
	guestsOutput struct {
		Body struct {
			Guests []guestView `json:"guests" doc:"By name, the highest version first"`
		}
	}
	guestInput struct {
		Course  string `path:"course" maxLength:"40" doc:"Key of the course type, such as bimtek"`
		Version string `path:"release" maxLength:"40" doc:"Its version, such as 1.0.0"`
	}
	guestOutput struct {
		Body struct {
			Guest      guestView  `json:"guest"`
			KeyRevoked bool       `json:"key_revoked" doc:"Nothing signed with it is installed any more"`
			Answers    bool       `json:"answers"`
			Silent     string     `json:"silent,omitempty" doc:"Why it does not answer; absent when it is disabled"`
			RuleSets   []ruleSet  `json:"rule_sets"`
			Log        []lineView `json:"log" doc:"What it wrote to stderr on this node, the oldest first"`
			Dropped    int        `json:"log_dropped" doc:"Lines that were too many to keep"`
		}
	}
	switchInput struct {
		Course  string `path:"course" maxLength:"40" doc:"Key of the course type, such as bimtek"`
		Version string `path:"release" maxLength:"40" doc:"Its version, such as 1.0.0"`
		Body    struct {
			Enabled bool   `json:"enabled"`
			Reason  string `json:"reason" maxLength:"200"`
		}
	}
)

func (s *Guests) apiGuests(ctx context.Context, _ *struct{}) (*guestsOutput, error) {
	all, err := s.List(ctx)
	out := &guestsOutput{}
	out.Body.Guests = make([]guestView, len(all))
	for i, g := range all {
		out.Body.Guests[i] = viewGuest(g)
	}
	return out, err
}

func (s *Guests) apiGuest(ctx context.Context, in *guestInput) (*guestOutput, error) {
	g, err := s.Find(ctx, in.Course, in.Version)
	if err != nil {
		return nil, err
	}
	out := &guestOutput{}
	b := &out.Body
	b.Guest, b.KeyRevoked, b.Silent, b.Dropped = viewGuest(g.Status), !g.Signer.RevokedAt.IsZero(), g.Silent, g.Dropped
	b.RuleSets, b.Log = []ruleSet{}, make([]lineView, len(g.Log))
	for i, line := range g.Log {
		b.Log[i] = lineView(line)
	}
	if g.Description != nil {
		b.Answers = true
		for _, r := range g.Description.RuleSets {
			b.RuleSets = append(b.RuleSets, viewRules(r))
		}
	}
	return out, nil
}

func (s *Guests) apiSwitch(ctx context.Context, in *switchInput) (*struct{}, error) {
	return nil, s.Switch(ctx, in.Course, in.Version, in.Body.Enabled, in.Body.Reason)
}
