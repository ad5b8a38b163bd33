package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/wiyata-id/wiyata/platform/web"
)

// TestBodyLimit sends real requests over a real line: each route takes what its Policy
// says; a body that comes in chunks is taken up to 1 MiB by all of them.
func TestBodyLimit(t *testing.T) {
	const mib = 1 << 20
	s := newSite(t, false)
	parsed := 0
	count := func(c *fiber.Ctx) error {
		parsed++
		return c.SendString(fmt.Sprint(len(c.FormValue("berkas"))))
	}
	public := web.Policy{Door: "public"}
	large := web.Policy{Door: "public", Body: 3 * mib}
	s.Post("/t/:slug/impor/contoh", public, count) // declared before its neighbour, which fits it too
	s.Post("/t/:slug/impor/:kind", large, count)
	type text struct {
		Body struct {
			Text string `json:"text"`
		}
	}
	operation := func(path string, p web.Policy) {
		web.Operation(s.App, huma.Operation{OperationID: path, Method: "POST", Path: path}, p,
			func(_ context.Context, in *text) (*echo, error) {
				parsed++
				out := new(echo)
				out.Body.Name = fmt.Sprint(len(in.Body.Text))
				return out, nil
			})
	}
	operation("/api/v1/large", large)
	operation("/api/v1/small", public)
	ctx, stop := context.WithCancel(t.Context())
	listener := listen(t)
	served := make(chan error, 1)
	go func() { served <- s.Run(ctx, listener) }()
	site := "http://" + listener.Addr().String()

	form := func(n int) (string, string) { // n bytes of body
		return "application/x-www-form-urlencoded", "berkas=" + strings.Repeat("a", n-len("berkas="))
	}
	object := func(n int) (string, string) {
		return "application/json", `{"text":"` + strings.Repeat("a", n-len(`{"text":""}`)) + `"}`
	}
	for _, tc := range []struct {
		path string
		body func(int) (string, string)
		size int
		want int
		says string
	}{
		{"/t/53-01/simpan", form, mib, 303, ""},
		{"/t/53-01/simpan", form, mib + 1, 413, "paling banyak 1 MB"},
		{"/t/53-01/simpan?x=/t/53-01/impor/pegawai", form, mib + 1, 413, "paling banyak 1 MB"},
		{"/t/53-01/impor/pegawai", form, 3 * mib, 200, fmt.Sprint(3*mib - len("berkas="))},
		{"/t/53-01/impor/pegawai?a=b", form, 2 * mib, 200, fmt.Sprint(2*mib - len("berkas="))},
		{"/t/53-01/impor/pegawai", form, 3*mib + 1, 413, "paling banyak 3 MB"},
		{"/t/53-01/impor/contoh", form, mib + 1, 413, "paling banyak 1 MB"},
		{"/t/53-01/impor/pegawai/lagi", form, mib + 1, 413, "paling banyak 1 MB"},
		{"/T/53-01/impor/pegawai", form, mib + 1, 413, "paling banyak 1 MB"},
		{"/tidak-ada", form, mib + 1, 413, "paling banyak 1 MB"},
		{"/api/v1/large", object, 3 * mib, 200, fmt.Sprint(3*mib - len(`{"text":""}`))},
		{"/api/v1/large", object, 3*mib + 1, 413, "paling banyak 3 MB"},
		{"/api/v1/small", object, mib, 200, fmt.Sprint(mib - len(`{"text":""}`))},
		{"/api/v1/small", object, mib + 1, 413, "paling banyak 1 MB"},
	} {
		for _, chunked := range []bool{false, true} {
			kind, body := tc.body(tc.size)
			parsed = 0
			want, says := tc.want, tc.says
			if chunked && tc.size > mib {
				want, says = 413, "paling banyak 1 MB tanpa Content-Length"
			}
			status, header, answer := send(t, listener.Addr().String(), tc.path, kind, body, chunked)
			if status != want || !strings.Contains(answer, says) {
				t.Errorf("%s, %d bytes, chunked %v: status %d, want %d with %q\n%.300s", tc.path, tc.size, chunked, status, want, says, answer)
			}
			if status == 413 && (parsed > 0 || header.Get("Content-Security-Policy") == "" || (chunked || strings.HasPrefix(tc.path, "/api/")) != (header.Get("Content-Type") == "application/problem+json")) {
				t.Errorf("%s, chunked %v: parsed %d times, headers %v", tc.path, chunked, parsed, header)
			}
		}
	}
	if res, err := http.Get(site + "/livez"); err != nil || res.StatusCode != 200 {
		t.Errorf("afterwards: %v %v", res, err)
	}
	stop()
	if err := <-served; err != nil {
		t.Error(err)
	}
	for _, size := range []int64{-1, 1, mib + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Post accepted a body of %d bytes", size)
				}
			}()
			s.Post("/baru", web.Policy{Door: "public", Body: size}, count)
		}()
	}
}

// send posts body over a connection of its own. The answer may come before all of it
// has gone, so it is read meanwhile.
func send(t *testing.T, address, path, kind, body string, chunked bool) (status int, header http.Header, answer string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n", path, kind)
	if chunked {
		out.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for i := 0; i < len(body); i += 50_000 {
			part := body[i:min(i+50_000, len(body))]
			fmt.Fprintf(&out, "%x\r\n%s\r\n", len(part), part)
		}
		out.WriteString("0\r\n\r\n")
	} else {
		fmt.Fprintf(&out, "Content-Length: %d\r\n\r\n%s", len(body), body)
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		conn.Write(out.Bytes()) // whoever is refused hangs up on us: the answer tells
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%s, %d bytes, chunked %v: %v", path, len(body), chunked, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	<-sent
	return res.StatusCode, res.Header, string(text)
}
