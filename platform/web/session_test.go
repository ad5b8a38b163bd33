package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func find(res *http.Response, name string) *http.Cookie {
	for _, c := range res.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func TestSignIn(t *testing.T) {
	s := newSite(t, true)
	// A cookie planted before sign-in is replaced, never adopted.
	planted := "__Host-session=" + expired
	page, _ := s.do(t, "GET", "/masuk", "", "Cookie", planted)
	if c := find(page, "__Host-session"); c == nil || c.Value != "" || !c.Expires.Before(time.Now()) {
		t.Errorf("stale cookie was kept: %+v", c)
	}
	res, _ := s.do(t, "POST", "/masuk?lanjut=//evil.example/", "", "Content-Type", form)
	c := find(res, "__Host-session")
	if c == nil || c.Value != good || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Fatalf("session cookie %+v", c)
	}
	if to := res.Header.Get("Location"); to != "/" {
		t.Errorf("sign-in leads to %q", to)
	}
	res, _ = newSite(t, false).do(t, "POST", "/masuk", "", "Content-Type", form)
	if c := find(res, "session"); c == nil || c.Secure || !c.HttpOnly {
		t.Errorf("without TLS: session cookie %+v", c)
	}
}

func TestSignInRequired(t *testing.T) {
	s := newSite(t, true)
	for _, tc := range []struct{ method, path, referer, want string }{
		{"GET", "/galat/unauthenticated?hal=2", "", "/masuk?lanjut=%2Fgalat%2Funauthenticated%3Fhal%3D2"},
		{"GET", "/galat/unauthenticated", "https://evil.example/x", "/masuk?lanjut=%2Fgalat%2Funauthenticated"},
	} {
		res, _ := s.do(t, tc.method, tc.path, "", "Referer", tc.referer)
		if res.StatusCode != 303 || res.Header.Get("Location") != tc.want {
			t.Errorf("%s %s: %d to %q, want %q", tc.method, tc.path, res.StatusCode, res.Header.Get("Location"), tc.want)
		}
	}
	if res, _ := s.do(t, "GET", "/t/53-01", "", "Cookie", "__Host-session="+expired); res.StatusCode != 200 {
		t.Errorf("public page with an ended session: status %d, want 200", res.StatusCode)
	}
}

// TestStaleForm: a form sent after its session ended leads to sign-in, and back to
// the page it was on.
func TestStaleForm(t *testing.T) {
	res, _ := newSite(t, true).do(t, "POST", "/t/53-01/galat/unauthenticated", "_csrf=old",
		"Cookie", "__Host-session="+expired, "Content-Type", form, "Referer", base+"/t/53-01")
	if res.StatusCode != 303 || res.Header.Get("Location") != "/masuk?lanjut=%2Ft%2F53-01" {
		t.Errorf("%d to %q", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestCurrent(t *testing.T) {
	s := newSite(t, true)
	for path, want := range map[string]string{"/t/53-01": "Beranda", "/t/53-01/angkatan/7": "Angkatan", "/t/53-01/angkatanku": ""} {
		_, body := s.do(t, "GET", path, "", "Cookie", "__Host-session="+good)
		got := ""
		if _, rest, ok := strings.Cut(body, `aria-current="page"><span>`); ok {
			got, _, _ = strings.Cut(rest, "<")
		}
		if got != want {
			t.Errorf("GET %s marks %q, want %q", path, got, want)
		}
	}
}

func TestFlash(t *testing.T) {
	s := newSite(t, true)
	session := "__Host-session=" + good
	res, _ := s.do(t, "POST", "/t/53-01/simpan", "_csrf="+s.csrf(t, good), "Cookie", session, "Content-Type", form)
	left := find(res, "__Host-flash")
	if res.StatusCode != 303 || res.Header.Get("Location") != "/t/53-01" || left == nil || !left.HttpOnly {
		t.Fatalf("Done: %d to %q with %+v", res.StatusCode, res.Header.Get("Location"), left)
	}
	res, body := s.do(t, "GET", "/t/53-01", "", "Cookie", session+"; __Host-flash="+left.Value)
	if !strings.Contains(body, "Tersimpan.") || !strings.Contains(body, `role="status"`) {
		t.Error("the message is not shown")
	}
	if c := find(res, "__Host-flash"); c == nil || c.Value != "" {
		t.Errorf("the message was shown and stays: %+v", c)
	}
	for name, cookies := range map[string]string{
		"other session": "__Host-session=token-of-maria; __Host-flash=" + left.Value,
		"nobody":        "__Host-flash=" + left.Value,
		"changed":       session + "; __Host-flash=9" + left.Value,
		"nonsense":      session + "; __Host-flash=x.y.z",
	} {
		if _, body := s.do(t, "GET", "/t/53-01", "", "Cookie", cookies); strings.Contains(body, `role="status"`) {
			t.Errorf("%s: a message is shown", name)
		}
	}
	// What sign-in leaves is signed with the session it has just made.
	res, _ = s.do(t, "POST", "/masuk", "", "Content-Type", form)
	if _, body := s.do(t, "GET", "/", "", "Cookie", session+"; __Host-flash="+find(res, "__Host-flash").Value); !strings.Contains(body, "Selamat datang.") {
		t.Error("the message of sign-in is not shown")
	}
}

func TestBearer(t *testing.T) {
	s := newSite(t, true)
	// A header stands alone: a bad one is not made good by a cookie.
	res, _ := s.do(t, "POST", "/api/v1/tenants/53-01/echo", `{"name":"abc"}`, "Content-Type", "application/json",
		"Authorization", "Bearer "+good, "Cookie", "__Host-session="+expired)
	if res.StatusCode != 200 || res.Header.Get("Set-Cookie") != "" {
		t.Errorf("bearer: status %d, cookies %q", res.StatusCode, res.Header.Get("Set-Cookie"))
	}
}
