package program

import (
	"strings"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/plugins/host"
)

// TestGuestPage: what a guest wrote is a stranger's text, and a key that counts no more
// says so.
func TestGuestPage(t *testing.T) {
	day := time.Date(2026, 11, 2, 3, 0, 0, 0, time.UTC)
	g := Guest{
		Status: host.Status{State: host.Disabled, Starts: 3, Failures: 3, Calls: 7, Errors: 2, Entry: host.Entry{
			Manifest: host.Manifest{Vendor: "pt-guna", Name: "prajab", Version: "2.0.1", Contract: 9, Asks: []coursetype.Field{coursetype.FieldRank}},
			Key:      strings.Repeat("ab", 32), Reason: "Gagal tiga kali dalam satu jam.", ChangedAt: day,
		}},
		Signer: host.Key{RevokedAt: day, Reason: "Kunci bocor"}, Silent: "Jenis pelatihan prajab tidak menjawab.",
		Log: []host.Line{{At: day, Text: `panic: <script>alert("x")</script>`}}, Dropped: 12,
	}
	var page strings.Builder
	if err := guestPage(g).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Nonaktif sejak 2 November 2026, 10.00 WIB: Gagal tiga kali dalam satu jam.", "Penyedia pt-guna", "3 kali dimulai", "7, 2 di antaranya gagal dijawab",
		"abababab abababab", "dicabut 2 November 2026, 10.00 WIB: Kunci bocor", "9, platform ini melayani", "golongan", "Jenis pelatihan prajab tidak menjawab.",
		"panic: &lt;script&gt;", "12 baris dibuang", "/operator/jenis-pelatihan/prajab/2.0.1/aktifkan",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(page.String(), "<script>alert") {
		t.Error("the log is written into the page as it is")
	}
}
