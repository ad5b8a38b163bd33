package main

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/store"
)

// line is the thread: one civil servant's training, from nomination to a credited
// hour, told through the pages.
type line struct {
	in                          *installation
	organiser, head             *client // of Provinsi Jambi, the host
	sarolangun, kotajambi       *client // admins of two senders
	andi, budi, maya            *client // nominees: seated, waiting, seated by the other sender
	lan, tuban, sumbar, visitor *client // overseer; stranger; another host; nobody
	batch, session              string  // IDs
	link                        string
	verify                      string // path in the QR code of andi's certificate
}

// today is the day on which the story is told.
func today() civil.Date { return civil.DateOf(time.Now(), civil.WIB) }

// begin signs everybody in.
func begin(t testing.TB, in *installation) *line {
	t.Helper()
	return &line{
		in: in, link: "https://rapat.example/ruang-arsip",
		organiser: in.signIn(t, "organiser"), head: in.signIn(t, "head"),
		sarolangun: in.signIn(t, "sarolangun"), kotajambi: in.signIn(t, "kotajambi"),
		andi: in.signIn(t, "andi"), budi: in.signIn(t, "budi"), maya: in.signIn(t, "maya"),
		lan: in.signIn(t, "overseer"), tuban: in.signIn(t, "tuban"), sumbar: in.signIn(t, "sumbar"), visitor: in.visitor(t),
	}
}

func (l *line) host() string   { return "/t/15/angkatan/" + l.batch }
func (l *line) sender() string { return "/t/15-03/kiriman/15/" + l.batch }

// publish opens a program and announces a batch with one seat for each of two senders.
func (l *line) publish() {
	o := l.organiser
	o.open("/t/15/program").press("Buka program", fields{"title": "Bimtek Arsip Digital"}).want(200).sees("Bimtek Arsip Digital", "Perlu konfirmasi")
	o.open("/t/15/angkatan/baru")
	o.press("Umumkan angkatan", fields{
		"number": "Angkatan I", "place": "Aula BPSDM", "starts": today().String(), "ends": today().String(),
		"sender1": o.option("15.03 "), "seats1": "1", "sender2": o.option("15.71 "), "seats2": "1",
	}).want(200).sees("Kabupaten Sarolangun", "Kota Jambi")
	l.batch = o.page.path[strings.LastIndex(o.page.path, "/")+1:]
}

// nominate has each sender propose its own; Sarolangun's second one waits.
func (l *line) nominate() {
	s := l.sarolangun
	s.open("/t/15-03").click("Bimtek Arsip Digital").want(200)
	s.press("Usulkan", fields{"employee": s.option("Andi")}).want(200).sees("Andi Saputra, S.E. diusulkan", "Diusulkan")
	s.press("Usulkan", fields{"employee": s.option("Budi")}).want(200).sees("daftar cadangan", "Cadangan")
	k := l.kotajambi
	k.open("/t/15-71/kiriman/15/"+l.batch).want(200).missing("Andi", "Budi")
	k.press("Usulkan", fields{"employee": k.option("Maya")}).want(200).sees("Diusulkan")
}

// approve has the host seat one of each sender; the quota holds.
func (l *line) approve() {
	o := l.organiser
	o.open(l.host()+"/peserta").want(200).sees("Andi", "Budi", "Maya", "Kabupaten Sarolangun", "Kota Jambi")
	o.press("Setujui Andi Saputra, S.E.", nil).want(200).sees("diterima sebagai peserta")
	o.press("Setujui Maya Anggraini, S.IP.", nil).want(200)
	o.press("Setujui Budi Santoso, S.Sos.", nil).want(http.StatusConflict).sees("Kuota pengirim sudah penuh (1 kursi)")
}

// schedule adds one session of 3 hours, 4 JP, with a link for those inside.
func (l *line) schedule() {
	o := l.organiser
	o.open(l.host()+"/jadwal").press("Jadwalkan", fields{
		"title": "Tata kelola arsip", "starts": "08:00", "ends": "11:00", "jp": "5", "link": l.link,
	}).want(http.StatusUnprocessableEntity).sees("hanya cukup untuk 4 JP")
	o.open(l.host()+"/jadwal").press("Jadwalkan", fields{
		"title": "Tata kelola arsip", "starts": "08:00", "ends": "11:00", "link": l.link,
	}).want(200).sees("4 JP", l.link)
	o.click("Buka daftar hadir").want(200)
	l.session = o.page.path[strings.LastIndex(o.page.path, "/")+1:]

	page := "/saya/sesi/15/" + l.batch + "/" + l.session
	l.andi.open(page).want(200).sees(l.link)
	l.sarolangun.open(l.sender() + "/jadwal").want(200).sees(l.link)
	l.budi.open("/saya").want(200).sees("Bimtek Arsip Digital", "Cadangan").missing(l.link)
	l.budi.open(page).want(http.StatusNotFound).missing(l.link)
	l.tuban.open("/t/35-23/kiriman/15/" + l.batch + "/jadwal").want(http.StatusNotFound).missing(l.link)
	l.visitor.open(page).sees("Masuk").missing(l.link)
}

// attend opens the session, marks both, one by the page and one by the API, and seals.
func (l *line) attend() {
	o, roll := l.organiser, l.host()+"/kehadiran/"+l.session
	o.open(roll).press("Buka presensi", nil).want(200).sees("Presensi dibuka")
	o.press("Hadir", nil).want(200).sees("Presensi tercatat")
	n := l.nomination("maya")
	id, api := store.NewID(), "/api/v1/tenants/15/batches/"+l.batch+"/sessions/"+l.session+"/marks"
	mark := fmt.Sprintf(`{"id":%q,"participant":%q,"presence":"present"}`, id, n)
	o.call(http.MethodPost, api, mark).want(http.StatusNoContent)
	o.call(http.MethodPost, api, mark).want(http.StatusNoContent) // sent twice, stored once
	capitals := "/api/v1/tenants/15/batches/" + strings.ToUpper(l.batch) + "/sessions/" + strings.ToUpper(l.session) + "/marks"
	o.call(http.MethodPost, capitals, fmt.Sprintf(`{"id":%q,"participant":%q,"presence":"present"}`, strings.ToUpper(id), strings.ToUpper(n))).
		want(http.StatusNoContent) // however its ids are spelt
	o.open(strings.Replace(roll, l.batch, strings.ToUpper(l.batch), 1)).want(200).sees("Tercatat 2")
	o.open(roll).press("Tutup dan sahkan sesi", nil).want(200).sees("Disahkan")
	late := fmt.Sprintf(`{"id":%q,"participant":%q,"presence":"absent"}`, store.NewID(), n)
	o.call(http.MethodPost, api, late).want(http.StatusConflict)
}

// nomination returns the ID of a person's nomination.
func (l *line) nomination(key string) string {
	t := l.organiser.t
	var id string
	all, _, err := l.in.nominations.Mine(l.in.as(t, key))
	check(t, err)
	for _, n := range all {
		if string(n.BatchID) == l.batch {
			id = string(n.ID)
		}
	}
	return id
}

// killGuest kills the guest, as a crash would: it must come back by itself.
func (l *line) killGuest() {
	killed := 0
	for _, g := range l.in.host.List() {
		if g.PID != 0 {
			check(l.organiser.t, syscall.Kill(g.PID, syscall.SIGKILL))
			killed++
		}
	}
	if killed == 0 {
		l.organiser.t.Fatal("no guest was running that could be killed")
	}
}

// grade has the guest compute; the head recommends and decrees.
func (l *line) grade() {
	o, h, page := l.organiser, l.head, l.host()+"/nilai"
	l.killGuest()
	o.open(page).press("Hitung nilai", nil).want(200).sees("Hitungan: Lulus", "100,00", "Jumlah")
	o.send(http.MethodPost, page+"/rekomendasi", "application/x-www-form-urlencoded", "").want(http.StatusForbidden)
	h.open(page).press("Rekomendasikan hasil", nil).want(200).sees("Rekomendasi: Lulus")
	h.press("Tetapkan kelulusan", fields{"number": "800/123/BPSDM", "day": today().String()}).want(200).sees("Keputusan: Lulus", "800/123/BPSDM")
}

// certify has the participants confirm their names, the organiser generate and the head sign.
func (l *line) certify() {
	o, h, page := l.organiser, l.head, l.host()+"/sertifikat"
	o.open(page).press("Buat sertifikat", nil).want(http.StatusConflict).sees("belum mengonfirmasi nama")
	for _, c := range []*client{l.andi, l.maya} {
		c.open("/saya").press("Nama dan gelar sudah benar", nil).want(200).sees("terkonfirmasi")
	}
	o.open(page).press("Buat sertifikat", nil).want(200).sees("2 sertifikat dibuat", "/BIMTEK/00001", "/BIMTEK/00002")
	h.open(page).press("Tanda tangani 2 sertifikat", nil).want(200).sees("2 sertifikat diterbitkan", "Terbit")
	l.andi.open("/saya/sertifikat").click("Bimtek Arsip Digital").want(200).sees("Andi Saputra, S.E.", "bukan tanda tangan elektronik")
	l.verify = "/V/" + l.andi.page.path[strings.LastIndex(l.andi.page.path, "/")+1:]
}

// stranger verifies the certificate, and learns no NIP.
func (l *line) stranger() {
	l.visitor.open(l.verify).want(200).sees("SAH", "Andi Saputra, S.E.", "4 JP").missing("199003152015031901")
	l.visitor.open("/V/AAAAAAAAAAAAAAAAAAAAAAAAAA").want(http.StatusNotFound).sees("TIDAK DITEMUKAN")
}

// credit waits for the job and looks at everybody's view of the result.
func (l *line) credit() {
	l.in.settled(l.organiser.t)
	l.andi.open("/saya/jp").want(200).sees("dari 20 JP", "4 JP", "Kurang 16 JP")
	l.budi.open("/saya/jp").want(200).sees("Belum ada JP")
	l.sarolangun.open("/t/15-03/jp").want(200).sees("00001").missing("00002")
	l.sarolangun.open(l.sender()+"/nilai").want(200).sees("Andi", "Keputusan: Lulus").missing("Maya")
	l.sarolangun.open(l.sender() + "/sertifikat").want(200).sees("Andi").missing("Maya")
	l.organiser.open(l.host()+"/nilai").want(200).sees("Andi", "Maya")
	l.lan.open("/t/lan/pengawasan").want(200).sees("JP diakui 8", "Sertifikat 2").missing("Andi", "Maya", "199003152015031901")
}

// overlap has another host try to seat the same person at the same time: it is
// refused and learns nothing of where they are.
func (l *line) overlap() {
	z := l.sumbar
	z.open("/t/13/jenis-pelatihan").press("Aktifkan Bimbingan teknis", nil).want(200)
	z.open("/t/13/program").press("Buka program", fields{"title": "Bimtek Lain"}).want(200)
	z.open("/t/13/angkatan/baru")
	z.press("Umumkan angkatan", fields{
		"number": "Angkatan I", "place": "Padang", "starts": today().String(), "ends": today().String(), "sender1": z.option("15.03 "), "seats1": "1",
	}).want(200)
	other := z.page.path[strings.LastIndex(z.page.path, "/")+1:]
	s := l.sarolangun
	s.open("/t/15-03/kiriman/13/" + other)
	s.press("Usulkan", fields{"employee": s.option("Andi")}).want(200)
	z.open("/t/13/angkatan/"+other+"/peserta").press("Setujui Andi Saputra, S.E.", nil).want(http.StatusConflict).
		sees("sudah terikat pelatihan lain").missing("Provinsi Jambi", "Arsip", l.batch)
}

// steps are the line in order.
func (l *line) steps() []struct {
	name string
	do   func()
} {
	return []struct {
		name string
		do   func()
	}{
		{"publish", l.publish}, {"nominate", l.nominate}, {"approve", l.approve}, {"schedule", l.schedule}, {"attend", l.attend},
		{"grade", l.grade}, {"certify", l.certify}, {"stranger", l.stranger}, {"credit", l.credit}, {"overlap", l.overlap},
	}
}

// TestLine tells the whole line on both engines with the real guest process, which
// is killed in the middle, and prints what each step costs.
func TestLine(t *testing.T) {
	template.Each(t, func(t *testing.T, db *store.DB) {
		in := install(t, db)
		l := begin(t, in)
		for _, step := range l.steps() {
			spans.Reset()
			started := time.Now()
			step.do()
			took := time.Since(started)
			requests, statements := cost()
			t.Logf("figure: "+string(db.Engine)+" %-9s %3d requests %4d statements %6.1f ms", step.name, requests, statements, float64(took.Microseconds())/1000)
		}
	})
}

// cost counts the requests since spans was reset, and the statements made for them,
// BEGIN and COMMIT included; those of jobs and of the sealer are not among them.
func cost() (requests, statements int) {
	asked := map[string]bool{}
	for _, s := range spans.GetSpans() {
		if s.SpanKind.String() == "server" && !s.Parent.SpanID().IsValid() {
			requests++
			asked[s.SpanContext.TraceID().String()] = true
		}
	}
	for _, s := range spans.GetSpans() {
		if strings.HasPrefix(s.Name, "sql ") && asked[s.SpanContext.TraceID().String()] {
			statements++
		}
	}
	return requests, statements
}
