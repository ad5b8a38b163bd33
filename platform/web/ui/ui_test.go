package ui_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// render returns c's markup as v's person gets it.
func render(t *testing.T, v *ui.View, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(ui.WithView(t.Context(), v), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParts(t *testing.T) {
	signedIn := &ui.View{Person: "Yohanes", CSRF: "abc", Path: "/t/53-01/b"}
	for _, tc := range []struct {
		name string
		page templ.Component
		want []string
		not  string
	}{
		{"form carries the token", ui.Form("/t/53-01/simpan"), []string{`action="/t/53-01/simpan"`, `name="_csrf" value="abc"`}, ""},
		{"search does not", ui.Search("/cari"), []string{`method="get"`}, "_csrf"},
		{"act", ui.ActionButton("/x", "Setujui", "nonsense", ui.Pair{Name: "id", Value: `"><b>`}), []string{`value="&#34;&gt;&lt;b&gt;"`, `class="button plain"`, "abc"}, ""},
		{"script address", ui.LinkButton("javascript:alert(1)", "x", "plain", ""), []string{"href="}, "javascript"},
		{"field with an error", ui.Field(ui.FieldSpec{Name: "nip", Label: "NIP", Value: `a"b`, Hint: "18 angka", Error: "Kurang.", Required: true, InputMode: "numeric"}),
			[]string{`for="f-nip"`, `id="f-nip"`, `aria-invalid="true"`, `aria-describedby="f-nip-hint f-nip-error"`, `id="f-nip-error"`, ` required`, `value="a&#34;b"`, `inputmode="numeric"`}, "boleh kosong"},
		{"optional field", ui.Field(ui.FieldSpec{Name: "n", Label: "Catatan", Type: "textarea", Value: "<i>"}), []string{"(boleh kosong)", ">&lt;i&gt;</textarea>"}, "aria-"},
		{"password never comes back", ui.Field(ui.FieldSpec{Name: "p", Label: "Kata sandi", Type: "password", Value: "rahasia"}), []string{`type="password"`}, "rahasia"},
		{"chosen option", ui.Field(ui.FieldSpec{Name: "s", Type: "select", Value: "b", Options: []ui.Option{{Value: "a"}, {Value: "b"}}}), []string{`<option value="b" selected>`}, `value="a" selected`},
		{"ticked", ui.Field(ui.FieldSpec{Name: "c", Type: "checkbox", Checked: true}), []string{`type="checkbox" value="1" checked`}, ""},
		{"problems", ui.Problems([]ui.Pair{{Name: "nip", Value: "Kurang."}, {Name: "x", Value: "Salah."}}), []string{"Ada 2 yang perlu diperbaiki", `href="#f-nip"`}, ""},
		{"no problems", ui.Problems(nil), nil, "<"},
		{"unknown kind", ui.Notice("purple", "Teks"), []string{`class="notice info"`}, "purple"},
		{"facts", ui.Facts([]ui.Fact{{Label: "Wali kelas"}}), []string{"<dd>–</dd>"}, ""},
		{"line without a page", in(ui.Cards(), ui.Entry("", "Andi <b>", "Analis")), []string{"<b>Andi &lt;b&gt;</b>", "<p>Analis</p>"}, "href"},
		{"tabs mark the page they stand on", ui.Tabs("Angkatan", []ui.Link{{Path: "/t/53-01/a", Label: "Jadwal"}, {Path: "/t/53-01/b", Label: "Nilai"}}), []string{`href="/t/53-01/b" aria-current="page"`}, `a" aria-current`},
		{"verdict", ui.Verdict("good", "Pemeriksaan", "SAH", "Isinya tidak berubah."), []string{`class="verdict good"`, "<h1>SAH</h1>"}, ""},
		{"stage", ui.Stage([]ui.StageItem{{Label: "Rencana", State: "done"}, {Label: "Berjalan", State: "now"}}), []string{"(selesai)", `aria-current="step"`}, ""},
		{"ring", ui.Ring(1250, 5000, "JP", ""), []string{`stroke-dasharray="250 1000"`, `aria-label="1.250 dari 5.000 JP"`}, "style="},
		{"full ring", ui.Ring(30, 20, "JP", ""), []string{`stroke-dasharray="1000 1000"`, `class="arc full"`}, ""},
		{"ring of nothing", ui.Ring(0, 0, "JP", ""), []string{"dari 0 JP"}, `class="arc`},
	} {
		got := render(t, signedIn, tc.page)
		for _, w := range tc.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in\n%s", tc.name, w, got)
			}
		}
		if tc.not != "" && strings.Contains(got, tc.not) {
			t.Errorf("%s: %s in\n%s", tc.name, tc.not, got)
		}
	}
}

func TestShell(t *testing.T) {
	for _, tc := range []struct {
		name string
		view ui.View
		want []string
		not  string
	}{
		{"nobody", ui.View{}, []string{"<title>Judul · Wiyata</title>", `href="/masuk"`, `class="weave tumpal"`}, "data-theme"},
		{"somebody", ui.View{Person: "Yohanes", Tenant: "Kab. Kupang", Slug: "53-01", Role: "Panitia", CSRF: "abc"},
			[]string{"<title>Judul · Kab. Kupang</title>", `href="/t/53-01"`, `action="/keluar"`, `value="abc"`, "Panitia"}, "Ganti instansi"},
		{"oversight", ui.View{Person: "Ratna", ReadOnly: true}, []string{"Pengawasan — hanya baca", "masthead oversight"}, ""},
		{"message", ui.View{Flash: "Tersimpan <b>."}, []string{`role="status"`, "Tersimpan &lt;b&gt;."}, ""},
		{"theme", ui.View{Theme: ui.NewTheme("#2B8FA3", "parang")}, []string{`class="weave parang"`, "data-theme", `href="/gaya/2b8fa3-`}, "10233F"},
		{"unknown theme", ui.View{Theme: ui.NewTheme(`"onload`, `"onload`)}, []string{`class="weave tumpal"`, "10233F"}, "onload"},
		{"training body", ui.View{Body: "BPSDM", Tenant: "Provinsi Jambi", Role: "Panitia"}, []string{"<b>BPSDM</b>", "Panitia · Provinsi Jambi"}, ""},
		{"named in the body", ui.View{Body: "BPSDM Provinsi Jambi", Tenant: "Provinsi Jambi"}, []string{"Pelatihan aparatur"}, ""},
		{"telephone", ui.View{Help: "0741 12345"}, []string{`href="tel:074112345"`, "0741 12345"}, ""},
		{"mail", ui.View{Help: "diklat@jambi.example"}, []string{`href="mailto:diklat@jambi.example"`}, ""},
	} {
		got := render(t, &tc.view, ui.Page("Judul"))
		for _, w := range tc.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in\n%s", tc.name, w, got)
			}
		}
		if tc.not != "" && strings.Contains(got, tc.not) {
			t.Errorf("%s: %s in\n%s", tc.name, tc.not, got)
		}
	}
}

// TestFront wants the face to have a cloth, and no menu at its side.
func TestFront(t *testing.T) {
	v := &ui.View{Person: "Yohanes", Bottom: []ui.Link{{Path: "/saya", Label: "Hari ini"}}}
	got := render(t, v, in(ui.Front("Wiyata"), ui.Hero("Judul", "Teks")))
	if !strings.Contains(got, `class="cloth"`) || strings.Contains(got, `class="rail"`) || strings.Count(got, "<h1>") != 1 {
		t.Errorf("not the face:\n%s", got)
	}
}

// TestQR draws the path back into modules and compares them with the encoder's.
func TestQR(t *testing.T) {
	const content = "HTTPS://DIKLAT.NTTPROV.GO.ID/V/9K2MX4PQRT7"
	code, err := qr.Encode(content, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	got := render(t, &ui.View{}, ui.QR(content, "Kode QR"))
	_, path, _ := strings.Cut(got, `class="ink" d="`)
	path, _, _ = strings.Cut(path, `"`)
	dark := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.TrimPrefix(path, "M"), "M") {
		var x, y, w, back int
		if n, err := fmt.Sscanf(run, "%d %dh%dv1h-%dz", &x, &y, &w, &back); n != 4 || w != back {
			t.Fatalf("run %q: %v", run, err)
		}
		for i := range w {
			dark[[2]int{x + i - 4, y - 4}] = true // 4: the quiet zone
		}
	}
	for y := range code.Size {
		for x := range code.Size {
			if dark[[2]int{x, y}] != code.Black(x, y) {
				t.Fatalf("module %d,%d differs", x, y)
			}
		}
	}
	var b bytes.Buffer
	if err := ui.QR(strings.Repeat("x", 4000), "").Render(t.Context(), &b); err == nil {
		t.Error("content that no QR code holds gave no error")
	}
}
