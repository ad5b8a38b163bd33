package main

import (
	"context"
	"fmt"
	"maps"

	"github.com/wiyata-id/wiyata/authz"
	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/tenants/employee"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// movers are people of 15.71 whom 15.03 asks for, one per story.
func movers() (all []sample.Person) {
	for i, name := range []string{"Hana Safitri, S.Pd.", "Ilham Maulana, S.T.", "Joko Widagdo, S.E."} {
		all = append(all, sample.Person{Key: "mover" + string(rune('A'+i)), Name: name, Email: fmt.Sprintf("pindah%d@matriks.example", i), Code: "15.71", Work: &employee.Employee{
			NIP: fmt.Sprintf("19920101201703192%d", i+1), Kind: employee.PNS, Name: name, Position: "Analis", Unit: "Dinas Pindah", Active: true,
		}})
	}
	return all
}

// transferRulings are those of people who move: 15.03 asks 15.71 for them, and then the
// province of both, who has not been asked before.
func transferRulings() []ruling {
	const base, one, api = "/t/:slug/mutasi", "/t/:slug/mutasi/:transfer", "/api/v1/tenants/:slug/"
	const decree = "name={mover}&decree_number=824/{name}&decree_day={day}&decree_signer=Gubernur&effective_day={day}"
	malformed := map[string]int{"transfer malformed": 422, "appeal malformed": 422}
	return []ruling{
		{route: "GET " + base + "/baru", by: "sender", may: senders, whole: true, status: 200, sees: "Kirim permintaan"},
		{route: "POST " + base + "/baru", by: "sender", may: senders, whole: true, status: 200, send: "nip={movernip}&name={mover}", sees: "{movernip}"},
		{route: "POST " + base, by: "sender", may: senders, whole: true, status: 303, send: "nip={movernip}&from={party2}&" + decree, changes: "transfer audit_line", also: []ask{
			{relation: "its own people", actor: "sender", send: "nip={movernip}&from={party1}&" + decree, want: 422},
			{relation: "in service here", actor: "sender", send: "nip={nip}&from={party2}&" + decree, want: 409},
		}},
		{route: "GET " + base, by: "releaser", may: senders, whole: true, status: 200, sees: "{mover}", also: []ask{
			{relation: "another's cursor", actor: "releaser", path: "/t/{slug}/mutasi?cursor=x", want: 422},
		}},
		{route: "GET " + api + "transfers", by: "releaser", may: senders, whole: true, status: 200, sees: "{mover}|{movernip}"},
		{route: "GET " + one, by: "sender", may: senders, whole: true, status: 200, sees: "{mover}|{movernip}"},
		{route: "GET " + api + "transfers/:transfer", by: "releaser", may: senders, whole: true, status: 200, sees: "{mover}|{movernip}", odd: malformed},
		{route: "POST " + one + "/jawab", by: "releaser", may: senders, whole: true, status: 303, send: "decision=hold&reason=Serah terima {name}&until={soon}", changes: "transfer audit_line"},
		{route: "POST " + api + "transfers/:transfer/decision", by: "releaser", may: senders, whole: true, status: 200, send: `{"decision":"lift"}`, changes: "transfer audit_line",
			sees: `"state":"asked"`, odd: malformed, then: (*matrix).letTermPass},
		{route: "POST " + one + "/penetapan", by: "sender", may: senders, whole: true, status: 303, send: "letter=800/{name}&reason=Tidak dijawab {name}", changes: "transfer_appeal audit_line"},
		{route: "GET /t/:slug/penetapan-mutasi", by: "authority", may: senders, whole: true, status: 200, sees: "{mover}"},
		{route: "GET " + api + "transfer-appeals", by: "authority", may: senders, whole: true, status: 200, sees: "{mover}|{movernip}"},
		{route: "GET /t/:slug/penetapan-mutasi/:appeal", by: "authority", may: senders, whole: true, status: 200, sees: "{mover}|{movernip}|Tidak dijawab {name}"},
		{route: "POST /t/:slug/penetapan-mutasi/:appeal", by: "authority", may: senders, whole: true, status: 303, send: "decision=refuse&reason=Belum lengkap", changes: "transfer_appeal outbox audit_line",
			then: (*matrix).copyRulings},
		{route: "POST " + api + "transfers/:transfer/appeal", by: "sender", may: senders, whole: true, status: 201, send: `{"letter":"801/{name}","reason":"Sudah lengkap"}`, changes: "transfer_appeal audit_line",
			sees: `"state":"asked"`, odd: malformed},
		{route: "POST " + api + "transfer-appeals/:appeal/decision", by: "authority", may: senders, whole: true, status: 200, send: `{"granted":true,"reason":"Sah"}`, changes: "transfer_appeal outbox audit_line",
			sees: `"state":"granted"`, odd: malformed, then: (*matrix).copyRulings},
		{route: "POST " + one + "/tarik", by: "sender", may: senders, whole: true, status: 303, changes: "transfer audit_line"},
		{route: "POST " + api + "transfers", by: "releaser", may: senders, whole: true, status: 201, changes: "transfer audit_line", sees: `"from":"15.03"`,
			send: `{"from":"15.03","nip":"{unknownnip}","name":"Siapa","decree_number":"1","decree_day":"{day}","decree_signer":"Wali Kota","effective_day":"{day}"}`},
		{route: "POST " + api + "transfers/:transfer/withdrawal", by: "releaser", may: senders, whole: true, status: 200, send: `{}`, changes: "transfer audit_line", sees: `"state":"withdrawn"`, odd: malformed},
	}
}

// learnTransfer looks up the requests of a story; the first time it makes one that has
// nothing to do with any of them.
func (m *matrix) learnTransfer(st *story) {
	who := m.people["mover"+st.name]
	st.plot["releaser"], st.plot["authority"] = "kotajambi", "admin15"
	maps.Copy(st.v, map[string]string{"mover": who.Work.Name, "movernip": who.Work.NIP, "soon": soon().String(), "unknownnip": "19800101200501199" + string('1'+st.name[0]-'A')})
	if m.one("SELECT id FROM transfer WHERE nip = '%s'", foreignNIP) == "" {
		tuban := authz.As(context.Background(), authz.Actor{Identity: m.in.ids["tuban"], Tenant: m.in.government(m.t, "35.23"), Grants: []authz.Grant{{Role: authz.SenderAdmin}}})
		asked, err := m.in.transfers.Ask(tuban, employee.Transfer{PartyID: m.in.government(m.t, "35.24"), NIP: foreignNIP, Name: "Lain", DecreeNumber: "1", DecreeDay: today(), DecreeSigner: "Bupati", EffectiveDay: today()})
		check(m.t, err)
		m.write("UPDATE transfer SET asked_at = '2026-01-05 05:00:00+00:00' WHERE id = '%s'", asked.ID)
		_, err = m.in.transfers.Appeal(tuban, asked.ID, "Tidak dijawab", "1")
		check(m.t, err)
	}
	st.v["transfer"] = m.one("SELECT id FROM transfer WHERE nip IN ('%s', '%s') ORDER BY id DESC LIMIT 1", st.v["movernip"], st.v["unknownnip"])
	st.v["appeal"] = m.one("SELECT id FROM transfer_appeal WHERE nip = '%s' ORDER BY id DESC LIMIT 1", st.v["movernip"])
}

// foreignNIP is of somebody for whom one government of another province asks another.
const foreignNIP = "198001012005011998"

func soon() civil.Date {
	d := today()
	return civil.DateOf(d.At(12, 0, civil.WIB).AddDate(0, 0, 7), civil.WIB)
}

// letTermPass makes the story's request as old as it must be for an appeal.
func (m *matrix) letTermPass(st *story) {
	m.write("UPDATE transfer SET asked_at = '2026-01-05 05:00:00+00:00' WHERE id = '%s'", st.v["transfer"])
}

// copyRulings has the jobs' work done.
func (m *matrix) copyRulings(*story) {
	_, err := m.in.queue.Work(context.Background(), employee.EffectRuled, m.in.government(m.t, "15.03"))
	check(m.t, err)
}
