package main

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/store"
)

// twins are the operations that do what a page does, by the page's route.
var twins = map[string]string{
	"/keluar":                                            "DELETE /api/v1/me/sessions/:id",
	"/saya/keamanan/sesi/akhiri-lain":                    "DELETE /api/v1/me/sessions",
	"/saya/keamanan/sesi/:id/akhiri":                     "DELETE /api/v1/me/sessions/:id",
	"/saya/keamanan/kode-pemulihan":                      "POST /api/v1/me/recovery-codes",
	"/saya/keamanan/dua-langkah/lepas":                   "DELETE /api/v1/me/second-factor",
	"/t/:slug/akses":                                     "POST /api/v1/tenants/:slug/grants",
	"/t/:slug/akses/kode":                                "POST /api/v1/tenants/:slug/activation-codes",
	"/t/:slug/akses/:grant/atur-ulang":                   "POST /api/v1/tenants/:slug/grants/:grant/reset",
	"/t/:slug/akses/:grant/cabut":                        "POST /api/v1/tenants/:slug/grants/:grant/withdrawal",
	"/t/:slug/token":                                     "POST /api/v1/tenants/:slug/tokens",
	"/t/:slug/token/:key/cabut":                          "POST /api/v1/tenants/:slug/tokens/:key/revocation",
	"/t/:slug/pengaturan":                                "PUT /api/v1/tenants/:slug/settings",
	"/t/:slug/pengaturan/kop":                            "PUT /api/v1/tenants/:slug/settings",
	"/t/:slug/pengaturan/hari-kerja":                     "POST /api/v1/tenants/:slug/work-weeks",
	"/t/:slug/pengaturan/hari-kerja/:week/hapus":         "DELETE /api/v1/tenants/:slug/work-weeks/:week",
	"/t/:slug/pengaturan/hari-libur":                     "POST /api/v1/tenants/:slug/holidays",
	"/t/:slug/pengaturan/hari-libur/:holiday/hapus":      "DELETE /api/v1/tenants/:slug/holidays/:holiday",
	"/t/:slug/pengaturan/pejabat":                        "POST /api/v1/tenants/:slug/offices",
	"/t/:slug/pengaturan/pejabat/:office":                "POST /api/v1/tenants/:slug/offices/:office/holders",
	"/t/:slug/pegawai":                                   "POST /api/v1/tenants/:slug/employees",
	"/t/:slug/pegawai/:employee":                         "PATCH /api/v1/tenants/:slug/employees/:employee",
	"/t/:slug/pegawai/:employee/status":                  "PATCH /api/v1/tenants/:slug/employees/:employee",
	"/t/:slug/pegawai/kode":                              "POST /api/v1/tenants/:slug/employees/activation-codes",
	"/t/:slug/pegawai/:employee/kode":                    "POST /api/v1/tenants/:slug/employees/:employee/activation-code",
	"/t/:slug/pegawai/:employee/atur-ulang":              "POST /api/v1/tenants/:slug/employees/:employee/reset",
	"/t/:slug/pegawai/impor":                             "POST /api/v1/tenants/:slug/employees/imports",
	"/t/:slug/pegawai/impor/:run/kolom":                  "PUT /api/v1/tenants/:slug/employees/imports/:run/columns",
	"/t/:slug/pegawai/impor/:run/terapkan":               "POST /api/v1/tenants/:slug/employees/imports/:run/apply",
	"/t/:slug/unit":                                      "POST /api/v1/tenants/:slug/units",
	"/t/:slug/unit/:unit":                                "PATCH /api/v1/tenants/:slug/units/:unit",
	"/t/:slug/unit/:unit/tutup":                          "PATCH /api/v1/tenants/:slug/units/:unit",
	"/t/:slug/mutasi":                                    "POST /api/v1/tenants/:slug/transfers",
	"/t/:slug/mutasi/:transfer/jawab":                    "POST /api/v1/tenants/:slug/transfers/:transfer/decision",
	"/t/:slug/mutasi/:transfer/tarik":                    "POST /api/v1/tenants/:slug/transfers/:transfer/withdrawal",
	"/t/:slug/mutasi/:transfer/penetapan":                "POST /api/v1/tenants/:slug/transfers/:transfer/appeal",
	"/t/:slug/penetapan-mutasi/:appeal":                  "POST /api/v1/tenants/:slug/transfer-appeals/:appeal/decision",
	"/operator/pemerintah/baru":                          "POST /api/v1/operator/tenants",
	"/operator/pemerintah/:id/:act":                      "POST /api/v1/operator/tenants/:id/changes",
	"/operator/penunjukan/:id":                           "POST /api/v1/operator/tenants/:id/appointments",
	"/operator/akun/:account/:verdict":                   "POST /api/v1/operator/accounts/:account/verdicts",
	"/operator/jenis-pelatihan/:course/:release/:switch": "PATCH /api/v1/operator/guests/:course/:release",
	"/t/:slug/jenis-pelatihan/:course/aktifkan":          "PUT /api/v1/tenants/:slug/course-types/:course",
	"/t/:slug/jenis-pelatihan/:course/nonaktifkan":       "DELETE /api/v1/tenants/:slug/course-types/:course",
	"/t/:slug/ketentuan":                                 "POST /api/v1/tenants/:slug/decrees",
	"/t/:slug/ketentuan/:decree/konfirmasi":              "POST /api/v1/tenants/:slug/decrees/:decree/confirmation",
	"/operator/hari-libur":                               "POST /api/v1/operator/holidays",
	"/operator/hari-libur/:feast/hapus":                  "DELETE /api/v1/operator/holidays/:feast",
	"/t/:slug/angkatan":                                  "POST /api/v1/tenants/:slug/batches",
	"/t/:slug/angkatan/:batch/kehadiran/:session/tandai": "POST /api/v1/tenants/:slug/batches/:batch/sessions/:session/marks",
}

// Why a page has no operation beside it.
const (
	signIn = "a step of signing in: it makes the session, or proves it, with which an operation is asked"
	thread = "of the thin thread of trainings: its operations come with the slice's own"
)

// pagesAlone are the pages without a twin, and why.
var pagesAlone = map[string]string{
	"/masuk": signIn, "/masuk/dua-langkah": signIn, "/masuk/dua-langkah/pasang": signIn, "/masuk/ulang": signIn, "/aktivasi": signIn,
	"/saya/peran": signIn, "/aktivasi/tanpa-akses": signIn,
	"/pilih":                 "an operation names its government in its address",
	"/bahasa":                "the language of a browser's pages",
	"/t/:slug/pegawai/unduh": "a file for a spreadsheet program: list-employees gives the same rows, page by page",
	"/t/:slug/mutasi/baru":   "fills in a form, and stores nothing",

	"/t/:slug/program": thread, "/saya/nama/:host/:nomination": thread, "/t/:slug/kiriman/:host/:batch": thread,
	"/t/:slug/angkatan/:batch/jadwal": thread, "/t/:slug/angkatan/:batch/peserta/:nomination/terima": thread,
	"/t/:slug/angkatan/:batch/kehadiran/:session/buka": thread, "/t/:slug/angkatan/:batch/kehadiran/:session/tutup": thread,
	"/t/:slug/angkatan/:batch/nilai": thread, "/t/:slug/angkatan/:batch/nilai/rekomendasi": thread, "/t/:slug/angkatan/:batch/nilai/keputusan": thread,
	"/t/:slug/angkatan/:batch/sertifikat": thread, "/t/:slug/angkatan/:batch/sertifikat/tanda-tangan": thread,
}

// TestPagesHaveTwins: what a page can do, a program can do by an operation, which asks
// for the same permission, or stands in the list of those that cannot, with the reason.
func TestPagesHaveTwins(t *testing.T) {
	in := assemble(t, template.Clone(t, store.SQLite), slog.New(slog.DiscardHandler))
	asks := map[string]string{} // route → permission
	for _, r := range in.web.Routes() {
		asks[r.Method+" "+r.Path] = r.Policy.Perm
	}
	pages := 0
	for route := range asks {
		path, isPost := strings.CutPrefix(route, http.MethodPost+" ")
		if !isPost || strings.HasPrefix(path, "/api/") {
			continue
		}
		pages++
		twin, has := twins[path]
		_, alone := pagesAlone[path]
		perm, served := asks[twin]
		switch {
		case has == alone:
			t.Errorf("%s: name the operation that does the same, or say why there is none", path)
		case has && !served:
			t.Errorf("%s: its twin %q is not there", path, twin)
		case has && perm != asks[route]:
			t.Errorf("%s asks for %q, its twin %s for %q", path, asks[route], twin, perm)
		}
	}
	for _, list := range []map[string]string{twins, pagesAlone} {
		for path := range list {
			if _, there := asks[http.MethodPost+" "+path]; !there {
				t.Errorf("%s is in the list, and the app does not have it", path)
			}
		}
	}
	t.Logf("figure: %d pages that change something, %d with an operation, %d without", pages, len(twins), len(pagesAlone))
}
