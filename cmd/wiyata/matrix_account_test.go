package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/wiyata-id/wiyata/tenants/account"
	"github.com/wiyata-id/wiyata/tenants/sample"
)

// signInRulings are those of coming in: the first that are told.
func signInRulings() []ruling {
	return []ruling{
		{route: "GET /masuk", by: "nobody", status: 200, sees: "Kata sandi"},
		{route: "POST /masuk", by: "nobody", send: "login={login}&password={password}", status: 303, changes: "sign_in known_device audit_line", records: "audit_line", also: []ask{
			{relation: "wrong password", send: "login={login}&password=wiyata-contoh-2025", want: 401},
			{relation: "unknown login", send: "login=siapa@sarolangun.example&password={password}", want: 401},
			{relation: "no password", send: "login={login}", want: 401},
		}},
	}
}

// accountRulings are those of a person's own sign-in, told of somebody who sets up a
// second factor and takes it off, and at last leaves.
func accountRulings() []ruling {
	another := []ask{{relation: "another's session", actor: "double", want: http.StatusNotFound}}
	return []ruling{
		{route: "GET /saya/keamanan", by: "leaver", status: 200, sees: "Sesi ini|Pasang langkah kedua"},
		{route: "GET /masuk/ulang", by: "leaver", status: 200, sees: "Kata sandi"},
		{route: "POST /masuk/ulang", by: "leaver", send: "secret={password}", status: 303, changes: "sign_in audit_line", records: "audit_line", also: []ask{
			{relation: "wrong password", actor: "leaver", send: "secret=wiyata-contoh-2025", want: 422},
		}},
		{route: "GET /masuk/dua-langkah", by: "leaver", status: 303, sees: "/saya"},
		{route: "GET /masuk/dua-langkah/pasang", by: "leaver", status: 200, sees: "Pindai", then: (*matrix).offerSecond},
		{route: "POST /masuk/dua-langkah/pasang", by: "leaver", send: "kunci={sealed}&code={totp}", status: 200, sees: "Kode pemulihan",
			changes: "sign_in second_factor recovery_code known_device audit_line", also: []ask{
				{relation: "wrong code", actor: "leaver", send: "kunci={sealed}&code=12345", want: 422},
				{relation: "another's secret", actor: "double", want: 409},
			}},
		{route: "POST /api/v1/me/recovery-codes", by: "leaver", send: "{}", status: 201, sees: `"codes":["`, changes: "recovery_code audit_line"},
		{route: "DELETE /api/v1/me/second-factor", by: "leaver", status: 204, changes: "second_factor recovery_code audit_line", then: (*matrix).setUpAgain},
		{route: "POST /saya/keamanan/kode-pemulihan", by: "leaver", status: 200, sees: "Kode pemulihan", changes: "recovery_code audit_line", then: (*matrix).signInHalf},
		{route: "POST /masuk/dua-langkah", by: "leaver", send: "code={recovery}", status: 303, sees: "/saya", changes: "sign_in recovery_code known_device audit_line", records: "audit_line",
			also: []ask{{relation: "wrong code", actor: "leaver", send: "code=12345", want: 422}, {relation: "not due", actor: "double", want: 409}}},
		{route: "POST /saya/keamanan/dua-langkah/lepas", by: "leaver", status: 303, changes: "second_factor recovery_code audit_line", then: (*matrix).signInElsewhere},
		{route: "POST /saya/keamanan/sesi/:id/akhiri", by: "leaver", status: 303, changes: "sign_in audit_line", also: another, then: (*matrix).signInElsewhere},
		{route: "POST /saya/keamanan/sesi/akhiri-lain", by: "leaver", status: 303, changes: "sign_in known_device audit_line", then: (*matrix).signInElsewhere},
		{route: "GET /api/v1/me/sessions", by: "leaver", status: 200, sees: "{id}"},
		{route: "DELETE /api/v1/me/sessions/:id", by: "leaver", status: 204, changes: "sign_in audit_line", also: another, then: (*matrix).signInElsewhere},
		{route: "DELETE /api/v1/me/sessions", by: "leaver", status: 204, changes: "sign_in known_device audit_line"},
	}
}

// leaver is who sets up and takes off, with the token of their browser.
func (m *matrix) leaver() (c *client, token string) {
	c = m.clients["leaver"]
	return c, c.cookies["session"]
}

// offerSecond has the page make a secret, and a phone read it.
func (m *matrix) offerSecond(st *story) {
	_, token := m.leaver()
	offer, err := m.in.accounts.Offer(context.Background(), token, "")
	check(m.t, err)
	st.v["sealed"], st.v["totp"] = offer.Sealed, phoneCode(m, offer.Secret)
}

// setUpAgain has the leaver set up a second factor once more.
func (m *matrix) setUpAgain(st *story) {
	m.offerSecond(st)
	c, token := m.leaver()
	pass, _, err := m.in.accounts.Enrol(context.Background(), token, st.v["sealed"], st.v["totp"], account.Visit{})
	check(m.t, err)
	c.cookies["session"] = pass.Token
	m.renew("leaver")
}

func phoneCode(m *matrix, secret string) string {
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), time.Now())
	check(m.t, err)
	return code
}

// signInHalf leaves the leaver with the password given, and the second factor not.
func (m *matrix) signInHalf(st *story) {
	c, token := m.leaver()
	codes, err := m.in.accounts.Renew(context.Background(), token)
	check(m.t, err)
	st.v["recovery"] = codes[0]
	c.send(http.MethodGet, "/masuk", "", "")
	c.press("Masuk", fields{"login": m.people["leaver"].Email, "password": sample.Password}).want(200)
	m.csrf["leaver"] = hidden.FindStringSubmatch(c.page.body)[1]
}

// signInElsewhere signs the leaver in on another device.
func (m *matrix) signInElsewhere(st *story) {
	ctx := context.Background()
	pass, err := m.in.accounts.SignIn(ctx, account.Credentials{Login: m.people["leaver"].Email, Password: sample.Password}, account.Visit{})
	check(m.t, err)
	p, err := m.in.accounts.Authenticate(ctx, pass.Token)
	check(m.t, err)
	st.v["id"] = p.Session
}
