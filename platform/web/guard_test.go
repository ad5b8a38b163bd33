package web_test

import (
	"regexp"
	"strings"
	"testing"
)

var hidden = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

const form = "application/x-www-form-urlencoded"

// csrf returns the CSRF token that a page gives to the session.
func (s *site) csrf(t *testing.T, session string) string {
	t.Helper()
	_, body := s.do(t, "GET", "/", "", "Cookie", "__Host-session="+session)
	m := hidden.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no CSRF token in the page of %s", session)
	}
	return m[1]
}

func TestCSRF(t *testing.T) {
	s := newSite(t, true)
	token, cookie := s.csrf(t, good), "__Host-session="+good
	multipart := "--x\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n" + token + "\r\n--x--\r\n"
	for _, tc := range []struct {
		name, path, body string
		headers          []string
		want             int
	}{
		{"right token", "/t/53-01/simpan", "_csrf=" + token, []string{"Cookie", cookie, "Content-Type", form}, 303},
		{"in a header", "/t/53-01/simpan", "", []string{"Cookie", cookie, "X-CSRF-Token", token}, 303},
		{"in a multipart form", "/t/53-01/simpan", multipart, []string{"Cookie", cookie, "Content-Type", "multipart/form-data; boundary=x"}, 303},
		{"none", "/t/53-01/simpan", "", []string{"Cookie", cookie, "Content-Type", form}, 403},
		{"in the address", "/t/53-01/simpan?_csrf=" + token, "", []string{"Cookie", cookie, "Content-Type", form}, 403},
		{"of another session", "/t/53-01/simpan", "_csrf=" + s.csrf(t, "token-of-maria"), []string{"Cookie", cookie, "Content-Type", form}, 403},
		{"sign out too", "/keluar", "", []string{"Cookie", cookie, "Content-Type", form}, 403},
		{"nobody signs in", "/masuk", "", []string{"Content-Type", form}, 303},
		{"cookie without its prefix is no session", "/masuk", "", []string{"Cookie", "session=" + good, "Content-Type", form}, 303},
	} {
		res, body := s.do(t, "POST", tc.path, tc.body, tc.headers...)
		if res.StatusCode != tc.want {
			t.Errorf("%s: status %d, want %d\n%s", tc.name, res.StatusCode, tc.want, body)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	s := newSite(t, true)
	for _, tc := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"same origin", []string{"Sec-Fetch-Site", "same-origin", "Origin", base}, 303},
		{"typed by the person", []string{"Sec-Fetch-Site", "none"}, 303},
		{"old browser, same origin", []string{"Origin", base}, 303},
		{"no browser", nil, 303},
		{"other site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"neighbouring host", []string{"Sec-Fetch-Site", "same-site", "Origin", "https://lain.example.go.id"}, 403},
		{"other site that claims our origin", []string{"Sec-Fetch-Site", "cross-site", "Origin", base}, 403},
		{"old browser, other site", []string{"Origin", "https://evil.example"}, 403},
		{"old browser, other scheme", []string{"Origin", strings.Replace(base, "https", "http", 1)}, 403},
		{"sandboxed frame", []string{"Origin", "null"}, 403},
	} {
		res, _ := s.do(t, "POST", "/masuk", "", append(tc.headers, "Content-Type", form)...)
		if res.StatusCode != tc.want {
			t.Errorf("%s: status %d, want %d", tc.name, res.StatusCode, tc.want)
		}
		if res.StatusCode == 403 && res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: a session was given away", tc.name)
		}
	}
	if res, _ := s.do(t, "GET", "/", "", "Sec-Fetch-Site", "cross-site"); res.StatusCode != 200 {
		t.Errorf("a link from another site: status %d, want 200", res.StatusCode)
	}
	if res, _ := s.do(t, "POST", "/api/v1/tenants/53-01/echo", `{"name":"abc"}`, "Content-Type", "application/json", "Origin", "https://evil.example"); res.StatusCode != 403 {
		t.Errorf("operation from another site: status %d, want 403", res.StatusCode)
	}
}

func TestJSONOnly(t *testing.T) {
	s := newSite(t, true)
	for kind, want := range map[string]int{
		"application/json": 200, "application/json; charset=utf-8": 200,
		"text/plain": 415, form: 415, "multipart/form-data; boundary=x": 415, "": 415, "application/jsonx": 415,
	} {
		res, body := s.do(t, "POST", "/api/v1/tenants/53-01/echo", `{"name":"abc"}`, "Content-Type", kind, "Authorization", "Bearer good")
		if res.StatusCode != want {
			t.Errorf("%q: status %d, want %d\n%s", kind, res.StatusCode, want, body)
		}
	}
}
