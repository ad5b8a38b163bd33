package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/tenants/batch"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/nomination"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// An actor of the matrix.
type actor struct {
	key     string
	slug    string     // tenant in which role is held and which is chosen; "" = takes part only
	role    authz.Role // "" = takes part only
	limited bool       // to the batch of story A
	unit    bool       // limited to the unit of the person of story A instead
	also    string     // slug of a second tenant where role is held, not chosen
}

// cast is everybody who tries every route, each with the role held in the address
// under test, in another one, or nowhere. "" is nobody.
var cast = []actor{
	{key: ""},
	{key: "sarolangun", slug: "15-03", role: authz.SenderAdmin},
	{key: "auditor", slug: "15-03", role: authz.Role("auditor")},
	{key: "kotajambi", slug: "15-71", role: authz.SenderAdmin},
	{key: "organiser", slug: "15", role: authz.Organiser},
	{key: "limited", slug: "15", role: authz.Organiser, limited: true},
	{key: "clerk", slug: "15-03", role: authz.SenderAdmin, limited: true},
	{key: "opd", slug: "15-03", role: authz.SenderAdmin, limited: true, unit: true},
	{key: "head", slug: "15", role: authz.Head},
	{key: "admin1503", slug: "15-03", role: authz.TenantAdmin},
	{key: "admin15", slug: "15", role: authz.TenantAdmin},
	{key: "admin13", slug: "13", role: authz.TenantAdmin},
	{key: "overseer", slug: "lan", role: authz.Overseer},
	{key: "above", slug: "15", role: authz.Overseer}, // province of the senders
	{key: "beside", slug: "35", role: authz.Overseer},
	{key: "sumbar", slug: "13", role: authz.Organiser},
	{key: "sumbarhead", slug: "13", role: authz.Head},
	{key: "tuban", slug: "35-23", role: authz.SenderAdmin},
	{key: "tubanhost", slug: "35-23", role: authz.Organiser},
	{key: "double", slug: "35-23", role: authz.Organiser, also: "15"},
	{key: "andi"}, {key: "budi"}, {key: "maya"}, {key: "citra"}, {key: "dewi"}, {key: "leaver"}, {key: "operator"},
}

// extras are the people whom the matrix needs beside the harness's: no two stories
// share a participant, so that a name on a page says whose row was read.
func extras() []sample.Person {
	worker := func(key, name, code, nip string) sample.Person {
		return sample.Person{Key: key, Name: name, Email: key + "@matriks.example", Code: code, Work: &employee.Employee{
			NIP: nip, Kind: employee.PNS, Name: name, Position: "Analis " + key, Unit: "Dinas " + key, Active: true,
		}}
	}
	return append(movers(), []sample.Person{
		worker("citra", "Citra Kirana, S.H.", "15.03", "199101012016012911"),
		worker("fajar", "Fajar Nugroho, S.T.", "15.71", "199102022016021912"),
		worker("dewi", "Dewi Lestari, M.Si.", "15.03", "199103032016032913"),
		worker("eka", "Eka Pratama, S.Kom.", "15.71", "199104042016041914"),
		worker("gilang", "Gilang Ramadhan, S.Pd.", "35.23", "199105052016051915"),
		{Key: "auditor", Name: "Tri Wahyuni", Email: "tri@matriks.example", Code: "15.03", Role: authz.Role("auditor")},
		{Key: "sumbarhead", Name: "Mulyadi", Email: "mulyadi@matriks.example", Code: "13", Role: authz.Head},
		{Key: "admin1503", Name: "Ningsih", Email: "ningsih@matriks.example", Code: "15.03", Role: authz.TenantAdmin},
		{Key: "admin13", Name: "Afrizal", Email: "afrizal@matriks.example", Code: "13", Role: authz.TenantAdmin},
		{Key: "limited", Name: "Ratna", Email: "ratna@matriks.example", Code: "15"}, // granted once batch A is there
		{Key: "clerk", Name: "Lukman", Email: "lukman@matriks.example", Code: "15.03"},
		{Key: "opd", Name: "Farida", Email: "farida@matriks.example", Code: "15.03"}, // granted once the unit is there
		{Key: "above", Name: "Sutrisno", Email: "sutrisno@matriks.example", Code: "15", Role: authz.Overseer},
		{Key: "beside", Name: "Bambang", Email: "bambang@matriks.example", Code: "35", Role: authz.Overseer},
		{Key: "double", Name: "Hendra", Email: "hendra@matriks.example", Code: "35.23", Role: authz.Organiser},
		{Key: "operator", Name: "Oki", Email: "oki@matriks.example", Code: "15"},         // of the installation: granted in tenant 0
		{Key: "settled", Name: "Yohana", Email: "yohana@matriks.example", Code: "35.23"}, // signs in nowhere: the operator suspends and restores
		{Key: "leaver", Name: "Wulan", Email: "wulan@matriks.example", Code: "15"},
	}...)
}

// A story is one batch on its way from announcement to credited hours. Three are
// told in step, so that whatever is asked of one stands in the same state in the
// others: nothing is refused for another reason than whose it is.
type story struct {
	name string
	plot map[string]string // who does what: opener, organiser, head, sender, person, …; absent = not in this story
	seat [3]string         // seated from 15.03 and from 15.71; waiting, or ""
	v    map[string]string // ids and texts by the names that routes and bodies use
}

func stories() []*story {
	return []*story{
		{name: "A", seat: [3]string{"citra", "fajar", ""}, v: map[string]string{"host": "15", "code": "15"},
			plot: map[string]string{"organiser": "limited", "head": "head", "sender": "sarolangun", "giver": "admin1503", "person": "citra", "nobody": "", "guest": "", "overseer": "above"}},
		{name: "B", seat: [3]string{"andi", "maya", "budi"}, v: map[string]string{"host": "15", "code": "15"},
			plot: map[string]string{"opener": "organiser", "organiser": "organiser", "head": "head", "sender": "sarolangun", "person": "andi",
				"nobody": "", "stranger": "", "overseer": "overseer", "double": "double", "leaver": "leaver", "operator": "operator", "admin": "admin15", "auditor": "auditor", "giver": "admin15", "guest": "", "importer": "sarolangun"}},
		{name: "C", seat: [3]string{"dewi", "eka", ""}, v: map[string]string{"host": "13", "code": "13"},
			plot: map[string]string{"opener": "sumbar", "organiser": "sumbar", "head": "sumbarhead", "sender": "sarolangun", "person": "dewi", "nobody": "", "guest": "", "admin": "admin13", "giver": "admin13", "importer": "kotajambi"}},
	}
}

// who tells apart the actors who may do an act in their own tenant.
const (
	staff     = "sender_admin organiser head auditor " + admins
	organiser = "organiser " + admins
	heads     = "head"
	senders   = "sender_admin " + admins
	admins    = "tenant_admin" // an organiser and a sender's administrator as well
	auditors  = "auditor " + admins
	everyRole = staff + " overseer"
)

// A ruling is what was reviewed about one route. {names} are filled
// from the story. What is refused to everybody else follows from it.
type ruling struct {
	route   string
	by      string         // whose act the positive twin is
	may     string         // roles that may, in their own tenant
	whole   bool           // a grant limited to a batch does not cover it
	units   int            // its rows belong to units: what a grant limited to something else gets; 0 = they do not
	send    string         // form, or JSON
	status  int            // of the positive twin
	sees    string         // canaries that it shows, "|" between them
	changes string         // tables that it changes, all of them
	records string         // tables in which its refusals are noted; "" = they change nothing
	logged  bool           // whoever may read it leaves a line in their own trail
	strange int            // what an uninvolved tenant gets for another's batch below its own address; 0 = 404
	odd     map[string]int // "input kind" → status, where it is not 404; "kind" is foreign, sibling, missing or malformed
	mates   bool           // other people of the batch may too
	then    func(*matrix, *story)
	also    []ask // refusals that do not follow
}

const form = "/t/:slug/angkatan/:batch"

// rulings are the reviewed table, in the order in which the line is told. What stands
// beside the line has a file per slice.
func rulings() []ruling {
	return slices.Concat(signInRulings(), registryRulings(), settingsRulings(), nationalRulings(), accessRulings(), courseRulings(), guestRulings(), lineRulings(), faceRulings(), statRulings(), employeeRulings(), importRulings(), transferRulings(), accountRulings(), lastRulings())
}

// lineRulings are those of the line itself.
func lineRulings() []ruling {
	// A mark goes through Append, which learns only whether a row was stored: what is
	// not there cannot be told from what is not open.
	mark := map[string]int{"batch foreign": 409, "batch missing": 409, "batch sibling": 409, "session foreign": 409, "session sibling": 409, "session missing": 409,
		"nomination foreign": 409, "nomination sibling": 409, "nomination missing": 409}
	// An operation checks the form of an id before it asks anybody.
	api := map[string]int{"batch malformed": 422, "session malformed": 422, "nomination malformed": 422, "participant malformed": 422, "program malformed": 422}
	for key, status := range mark {
		api[key] = status
	}
	return []ruling{
		{route: "GET /", by: "nobody", status: 200, sees: "546 pemerintah daerah"},
		{route: "GET /api", by: "nobody", status: 200, sees: "Publish a batch of a program|Mark a participant at an open session|/api/v1/openapi.json"},
		{route: "POST /bahasa", by: "nobody", send: "bahasa=en", status: 303, sees: "/"},
		{route: "GET /pilih", by: "double", status: 200, sees: "Provinsi Jambi|Kabupaten Tuban"},
		{route: "POST /pilih", by: "double", send: "tenant={tenant}", status: 303, changes: "sign_in audit_line", sees: "/t/35-23", odd: map[string]int{"tenant malformed": 422}},
		{route: "GET /t/:slug", by: "organiser", may: everyRole, status: 303, sees: "/t/{slug}/angkatan"},

		{route: "POST /t/:slug/program", by: "opener", may: organiser, whole: true, send: "title=Bimtek {name}&pin={pin}", status: 303, changes: "program audit_line"},
		{route: "GET /t/:slug/program", by: "opener", may: organiser, whole: true, status: 200, sees: "Bimtek {name}"},
		{route: "GET /t/:slug/angkatan/baru", by: "opener", may: organiser, whole: true, status: 200, sees: "Bimtek {name}"},
		{route: "POST /t/:slug/angkatan", by: "opener", may: organiser, whole: true, status: 303, changes: "batch quota audit_line",
			send: "program={program}&number=Angkatan {name}&place=Aula {name}&starts={day}&ends={day}&sender1={party1}&seats1=1&sender2={party2}&seats2=1&settings.siasn=8"},
		{route: "POST /api/v1/tenants/:slug/batches", by: "opener", may: organiser, whole: true, status: 201, changes: "batch quota audit_line", sees: `"number":"API {name}"`, odd: api,
			send: `{"program_id":"{program}","number":"API {name}","place":"Aula","starts":"{day}","ends":"{day}","quota":[{"sender":"15.03","seats":1}]}`},
		{route: "GET /t/:slug/angkatan", by: "organiser", may: staff, status: 200, sees: "{batch}"},
		{route: "GET /t/:slug/kiriman", by: "sender", may: staff, status: 200, sees: "{batch}"},
		{route: "GET " + form, by: "organiser", may: staff, status: 200, sees: "Kabupaten Sarolangun|Kota Jambi"},

		{route: "POST /t/:slug/kiriman/:host/:batch", by: "sender", may: senders, whole: true, send: "employee={employee}", status: 303, changes: "nomination audit_line", then: (*matrix).proposeOthers},
		{route: "POST " + form + "/peserta/:nomination/terima", by: "organiser", may: organiser, status: 303, changes: "nomination claim audit_line", then: (*matrix).approveOther},
		{route: "POST /saya/nama/:host/:nomination", by: "person", status: 303, changes: "nomination audit_line", then: (*matrix).confirmOther},
		{route: "POST " + form + "/jadwal", by: "organiser", may: organiser, status: 303, changes: "session audit_line",
			send: "title=Sesi {name}&day={day}&starts=08:00&ends=11:00&link=https://rapat.example/{name}-rahasia"},
		{route: "POST " + form + "/kehadiran/:session/buka", by: "organiser", may: organiser, status: 303, changes: "session audit_line"},
		{route: "POST " + form + "/kehadiran/:session/tandai", by: "organiser", may: organiser, send: "nomination={nomination}&id={mark1}&presence=present", status: 303, changes: "mark", strange: 409, odd: mark},
		{route: "POST /api/v1/tenants/:slug/batches/:batch/sessions/:session/marks", by: "organiser", may: organiser, status: 204, changes: "mark", strange: 409, odd: api,
			send: `{"id":"{mark2}","participant":"{nomination2}","presence":"present"}`, also: []ask{
				{relation: "another mark's id", actor: "organiser", send: `{"id":"{mark1}","participant":"{nomination2}","presence":"present"}`, want: 409},
				{relation: "another presence", actor: "organiser", send: `{"id":"{mark1}","participant":"{nomination}","presence":"absent"}`, want: 409},
			}},
		{route: "POST " + form + "/kehadiran/:session/tutup", by: "organiser", may: organiser, status: 303, changes: "session audit_line"},
		{route: "POST " + form + "/nilai", by: "organiser", may: organiser, status: 303, changes: "outcome audit_line", then: (*matrix).signResults},
		{route: "POST " + form + "/nilai/rekomendasi", by: "head", may: heads, status: 303, changes: "outcome batch audit_line"},
		{route: "POST " + form + "/nilai/keputusan", by: "head", may: heads, send: "number=800/{name}&day={day}", status: 303, changes: "outcome completion audit_line"},
		{route: "POST " + form + "/sertifikat", by: "organiser", may: organiser, status: 303, changes: "certificate register audit_line"},
		{route: "POST " + form + "/sertifikat/tanda-tangan", by: "head", may: heads, status: 303, changes: "certificate outbox audit_line", then: (*matrix).credit, also: []ask{
			{relation: "draft", path: "/V/{token}", want: 404},
			{relation: "draft", actor: "person", path: "/saya/sertifikat/{token}", want: 404},
		}},

		{route: "GET " + form + "/peserta", by: "organiser", may: staff, status: 200, sees: "{person}|{nip}|{person2}"},
		{route: "GET /t/:slug/kiriman/:host/:batch", by: "sender", may: staff, status: 200, sees: "{person}", strange: 200},
		{route: "GET /api/v1/tenants/:slug/batches/:batch/participants/:participant", by: "organiser", may: staff, status: 200, sees: "{person}|{nip}",
			odd: map[string]int{"batch malformed": 422, "participant malformed": 422}},
		{route: "GET " + form + "/jadwal", by: "organiser", may: staff, status: 200, sees: "{link}"},
		{route: "GET /t/:slug/kiriman/:host/:batch/jadwal", by: "sender", may: staff, status: 200, sees: "{link}"},
		{route: "GET /saya", by: "person", status: 200, sees: "Sesi {name}"},
		{route: "GET /saya/sesi/:host/:batch/:session", by: "person", status: 200, sees: "{link}", mates: true},
		{route: "GET " + form + "/kehadiran/:session", by: "organiser", may: organiser, status: 200, sees: "{person}|{person2}|Hadir"},
		{route: "GET " + form + "/nilai", by: "organiser", may: staff, status: 200, sees: "{person}|{person2}|Lulus|{nilai}"},
		{route: "GET /t/:slug/kiriman/:host/:batch/nilai", by: "sender", may: staff, status: 200, sees: "{person}|Lulus|{nilai}", strange: 200},
		{route: "GET " + form + "/sertifikat", by: "organiser", may: staff, status: 200, sees: "{person}|{person2}|Terbit"},
		{route: "GET /t/:slug/kiriman/:host/:batch/sertifikat", by: "sender", may: staff, status: 200, sees: "{person}|Terbit", strange: 200},
		{route: "GET /saya/sertifikat", by: "person", status: 200, sees: "{token}"},
		{route: "GET /saya/sertifikat/:token", by: "person", status: 200, sees: "{person}"},
		{route: "GET /V/:token", by: "nobody", status: 200, sees: "SAH|{person}", also: []ask{
			{relation: "missing", path: "/V/AAAAAAAAAAAAAAAAAAAAAAAAAA", want: 404},
			{relation: "malformed", path: "/V/'%20OR%20''='", want: 404},
		}},
		{route: "GET /saya/jp", by: "person", status: 200, sees: "Bimtek {name}|{jp}"},
		{route: "GET /t/:slug/jp", by: "sender", may: senders + " auditor", whole: true, status: 200, sees: "Bimtek {name}|{jp}"},
		{route: "GET /t/:slug/pengawasan", by: "overseer", may: "overseer", logged: true, status: 200, sees: "Kabupaten Sarolangun|Kota Jambi", changes: "audit_line"},
	}
}

// lastRulings take somebody away from the cast.
func lastRulings() []ruling {
	return append(settleRulings(), ruling{route: "POST /keluar", by: "leaver", status: 303, changes: "sign_in audit_line"})
}

// A secret is a text that only some may be shown.
type secret struct {
	text string
	seen func(key string) bool
}

// secrets are the canaries of all stories as they stand: each name, NIP, meeting
// link and certificate token, and who may meet it anywhere.
func (m *matrix) secrets() (all []secret) {
	among := func(keys ...string) func(string) bool {
		joined := " " + strings.Join(keys, " ") + " "
		return func(key string) bool { return key != "" && strings.Contains(joined, " "+key+" ") }
	}
	add := func(text string, seen func(string) bool) {
		if text != "" {
			all = append(all, secret{text, seen})
		}
	}
	for _, st := range m.stories {
		hosts := []string{st.plot["organiser"], st.plot["head"], st.v["announcer"], "admin" + st.v["host"]}
		for i, key := range st.seat {
			if key == "" {
				continue
			}
			sender := [3]string{"sarolangun", "kotajambi", "sarolangun"}[i]
			near := append([]string{key, sender}, hosts...)
			employer := []string{key, sender}
			if sender == "sarolangun" {
				near, employer = append(near, "auditor", "admin1503"), append(employer, "auditor", "admin1503")
				if st.name == "A" {
					near = append(near, "clerk")
				}
			}
			known := near
			if key == "citra" {
				known = append(slices.Clone(near), "opd")
			}
			add(m.people[key].Work.Name, among(known...))
			add(m.people[key].Work.NIP, among(known...))
			add(st.v["token"+[3]string{"", "2", "3"}[i]], among(near...))
			add(m.remark("nilai", key), among(near...))
			add(m.remark("jp", key), among(employer...)) // a ledger is the employer's, not the host's
		}
		seated := append([]string{st.seat[0], st.seat[1], "sarolangun", "auditor", "admin1503", "kotajambi"}, hosts...)
		if st.name == "A" {
			seated = append(seated, "clerk")
		}
		if st.name == "A" {
			add("Baru "+st.name, among("admin1503", "sarolangun", "auditor"))
		} else {
			add("Baru "+st.name, among(st.plot["giver"]))
		}
		add("Integrasi "+st.name, among(st.plot["giver"]))
		add(st.v["link"], among(seated...))
		for _, text := range []string{m.people["mover"+st.name].Work.Name, m.people["mover"+st.name].Work.NIP} {
			add(text, among("kotajambi", "sarolangun", "admin15", "admin1503"))
		}
		add("Sesi "+st.name, among(seated...))
		if st.name == "B" { // published, and so no secret but to whoever is limited to A
			add(st.v["batch"], func(key string) bool { return key != "limited" && key != "clerk" && key != "opd" })
		}
	}
	for _, name := range []string{"Kabupaten Sarolangun", "Kota Jambi"} { // counts of another province
		add(name, func(key string) bool { return key != "beside" })
	}
	add(m.people["gilang"].Work.Name, among("tuban"))
	add(m.people["gilang"].Work.NIP, among("tuban"))
	return all
}

func (st *story) ref(m *matrix) batch.Ref {
	return batch.Ref{Host: m.in.government(m.t, st.v["code"]), ID: batch.ID(st.v["batch"])}
}

func (m *matrix) proposeOthers(st *story) {
	for i, sender := range []string{1: "kotajambi", 2: "sarolangun"} {
		if i > 0 && st.seat[i] != "" {
			_, err := m.in.nominations.Propose(m.as(sender), st.ref(m), employee.ID(m.one("SELECT id FROM employee WHERE identity_id = '%s'", m.in.ids[st.seat[i]])))
			check(m.t, err)
		}
	}
}

func (m *matrix) approveOther(st *story) {
	_, err := m.in.nominations.Approve(m.as(st.v["announcer"]), st.ref(m).ID, nomination.ID(st.v["nomination2"]))
	check(m.t, err)
}

func (m *matrix) confirmOther(st *story) {
	check(m.t, m.in.nominations.ConfirmName(m.as(st.seat[1]), st.ref(m).Host, nomination.ID(st.v["nomination2"])))
}

// signResults gives each outcome a text of its own: grades are the same for all.
func (m *matrix) signResults(st *story) {
	for _, key := range st.seat[:2] {
		m.write("UPDATE outcome SET reason = '%s' WHERE identity_id = '%s'", m.remark("nilai", key), m.in.ids[key])
	}
}

// credit has the jobs' work done, and gives each line of the ledgers a text of its own.
func (m *matrix) credit(st *story) {
	check(m.t, deliver(context.Background(), m.in.product))
	for _, key := range st.seat[:2] {
		m.write("UPDATE credit SET number = '%s' WHERE identity_id = '%s'", m.remark("jp", key), m.in.ids[key])
	}
}

// remark is a text that stands in one person's row alone.
func (m *matrix) remark(what, key string) string { return "catatan-" + what + "-" + key }

func (m *matrix) write(statement string, args ...any) {
	_, err := m.raw.Exec(fmt.Sprintf(statement, args...))
	check(m.t, err)
}
