package ui_test

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"github.com/wiyata-id/wiyata/platform/web/ui"
)

// in renders children inside a component that takes them.
func in(outer templ.Component, children ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return outer.Render(templ.WithChildren(ctx, templ.Join(children...)), w)
	})
}

// html is literal markup of the test.
func html(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func workspace() templ.Component {
	stages := ui.Stage([]ui.StageItem{
		{Label: "Rencana", State: "done", Path: "#"}, {Label: "Pemanggilan", State: "done", Path: "#"},
		{Label: "Verifikasi", State: "now", Path: "#", Hint: "3 syarat belum terpenuhi"},
		{Label: "Berjalan", Hint: "mulai 7 Des 2026"}, {Label: "Yudisium"}, {Label: "Selesai"}, {Label: "Arsip"},
	})
	people := in(ui.Table([]ui.Head{{Label: "Nama"}, {Label: "Pengirim"}, {Label: "Umur usulan"}, {Label: "Nilai", Num: true}, {Label: "Status"}, {Label: ""}}),
		html(`<tr><th scope="row">Fransiska Romana Bere<br><span class="quiet small">19900312 201503 2 003</span></th><td>Kab. Belu</td><td>3 hari</td><td class="num">84,25</td><td>`),
		ui.Badge("warn", "menunggu"), html(`</td><td>`), ui.ActionButton("/t/53-01/ruang", "Setujui", "primary", ui.Pair{Name: "id", Value: "n1"}), html(`</td></tr>`),
		html(`<tr><th scope="row">Abdul Kadir Mone<br><span class="quiet small">19900412 201503 1 004</span></th><td>Kota Kupang</td><td>1 hari</td><td class="num">79,00</td><td>`),
		ui.Badge("good", "disetujui"), html(`</td><td></td></tr>`),
		html(`<tr><th scope="row">Agustinus Neno<br><span class="quiet small">19900212 201503 1 002</span></th><td>Kab. Timor Tengah Selatan</td><td>5 jam</td><td class="num">–</td><td>`),
		ui.Badge("bad", "dikembalikan"), html(`</td><td></td></tr>`))
	form := in(ui.Form("/t/53-01/ruang"),
		ui.Problems([]ui.Pair{{Name: "nip", Value: "NIP berisi 18 angka."}, {Name: "letter", Value: "Nomor surat wajib diisi."}}),
		ui.Field(ui.FieldSpec{Name: "nip", Label: "NIP", Value: "1990031220150320", Hint: "18 angka, tanpa spasi", Error: "NIP berisi 18 angka. Yang diketik baru 16.", Required: true, InputMode: "numeric"}),
		ui.Field(ui.FieldSpec{Name: "kind", Label: "Dasar pengusulan", Type: "select", Value: "b", Required: true, Options: []ui.Option{{Value: "a", Label: "Surat tugas"}, {Value: "b", Label: "Surat keputusan"}}}),
		ui.Field(ui.FieldSpec{Name: "date", Label: "Tanggal surat", Type: "date", Value: "2026-11-24", Required: true}),
		ui.Field(ui.FieldSpec{Name: "note", Label: "Catatan untuk penyelenggara", Type: "textarea"}),
		ui.Field(ui.FieldSpec{Name: "way", Label: "Cara mengikuti", Type: "radio", Value: "l", Required: true, Options: []ui.Option{{Value: "k", Label: "Klasikal"}, {Value: "l", Label: "Blended"}}}),
		ui.Field(ui.FieldSpec{Name: "sure", Label: "Data ini sudah saya periksa", Type: "checkbox", Required: true, Hint: "Usulan yang sudah dikirim tidak dapat diubah."}),
		in(row(), ui.Button("Kirim usulan", "primary"), ui.Button("Simpan draf", "plain"), ui.Button("Batalkan usulan", "danger")))
	return in(ui.Page("Latsar CPNS Golongan III Angkatan IV"),
		in(ui.Title("Angkatan · Latsar CPNS 2026", "Latsar CPNS Golongan III Angkatan IV", "7 Desember 2026 – 12 Maret 2027, WITA"), ui.LinkButton("#", "Unduh XLSX", "plain", "download")),
		html(`<div class="flash" role="status">`), ui.Notice("good", "Usulan disetujui. Peserta sudah mendapat kursi."), html(`</div>`),
		in(ui.Card(""), stages),
		ui.Figures([]ui.Fact{{Label: "Kuota", Value: "40"}, {Label: "Dipanggil", Value: "38"}, {Label: "Terverifikasi", Value: "31"}, {Label: "Menunggu", Value: "1.284"}}),
		ui.Tabs("Bagian angkatan", []ui.Link{{Path: "#1", Label: "Ringkasan"}, {Path: "#2", Label: "Peserta", Current: true}, {Path: "#3", Label: "Jadwal"}, {Path: "#4", Label: "Kehadiran"}, {Path: "#5", Label: "Nilai"}, {Path: "#6", Label: "Evaluasi"}, {Path: "#7", Label: "Sertifikat"}}),
		people,
		in(ui.Columns(),
			in(ui.Stack(), in(ui.Card("Usulkan peserta"), form)),
			in(ui.Stack(),
				in(ui.Card("Ketentuan"), ui.Facts([]ui.Fact{{Label: "Dasar", Value: "Peraturan LAN 1/2021, diubah 10/2021"}, {Label: "Jam pelajaran", Value: "647 JP"}, {Label: "Ruang", Value: "Aula Fernandez"}, {Label: "Wali kelas"}})),
				ui.Notice("warn", "Satu widyaiswara belum menerima penugasan. Jadwal belum dapat diterbitkan."),
				ui.Notice("bad", "Dua sesi bertabrakan di ruang yang sama."),
				ui.Notice("info", "Peserta dari instansi lain baru terlihat setelah disetujui."),
				ui.Empty("Belum ada dokumen. Unggah surat pemanggilan lebih dahulu.", "#", "Unggah dokumen"))))
}

func row() templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		children := templ.GetChildren(ctx)
		return templ.Join(html(`<div class="row">`), children, html(`</div>`)).Render(templ.ClearChildren(ctx), w)
	})
}

func today() templ.Component {
	return in(ui.Page("Hari ini"),
		ui.Title("Selasa, 24 November 2026 · hari ke-9 dari 18", "Selamat pagi, Bu Maria", ""),
		in(ui.Card("Sesi berlangsung"),
			in(row(), html(`<b>Agenda II — Berorientasi Pelayanan</b>`), ui.Badge("warn", "belum presensi")),
			html(`<p class="quiet">08.00–11.15 WITA · 4 JP · Aula Fernandez</p>`),
			ui.ActionButton("/t/53-02/hari-ini", "Catat kehadiran", "primary"),
			html(`<p class="small quiet">Tidak bisa memindai? <a href="#">Ketik kode di layar</a> atau lapor panitia.</p>`)),
		in(ui.Card("Kewajiban 20 JP tahun ini"), ui.Ring(14, 20, "JP", "Kurang 6 JP. Latsar ini menambah 12 JP setelah Anda dinyatakan lulus.")),
		in(ui.Cards(),
			in(ui.Entry("#", "Rancangan aktualisasi", "Kumpulkan paling lambat 27 November 2026, 16.00 WITA"), ui.Badge("bad", "3 hari lagi")),
			in(ui.Entry("#", "Survei Agenda I", "5 butir, sekitar 2 menit"), ui.Badge("", "anonim"))),
		in(ui.Card("Verifikasi sertifikat"), ui.QR("HTTPS://DIKLAT.NTTPROV.GO.ID/V/9K2MX4PQRT7", "Kode QR sertifikat")),
		ui.Ring(24, 20, "JP", ""))
}

func oversight() templ.Component {
	return in(ui.Page("Pemenuhan 20 JP"),
		ui.Title("", "Pemenuhan 20 JP per kabupaten", "Persen ASN yang mencapai 20 JP tahun 2026, per 24 November 2026, 06.00 WITA"),
		ui.Figures([]ui.Fact{{Label: "ASN tercatat", Value: "1.284.310"}, {Label: "Mencapai 20 JP", Value: "61,4 %"}, {Label: "Instansi melapor", Value: "497 / 546"}, {Label: "Sertifikat tahun ini", Value: "812.046"}}),
		in(ui.Table([]ui.Head{{Label: "Kabupaten"}, {Label: "Capaian", Num: true}, {Label: "Sejak 2025", Num: true}}),
			html(`<tr><th scope="row"><a href="#">Kupang</a></th><td class="num">39 %</td><td class="num">+4</td></tr><tr><th scope="row"><a href="#">Belu</a></th><td class="num">44 %</td><td class="num">+11</td></tr>`)),
		ui.Empty("Belum ada angkatan. Buat dari kalender atau salin angkatan lalu.", "", ""))
}

func signIn() templ.Component {
	return in(ui.Page("Masuk"),
		in(ui.Card(""), html(`<h1>Masuk</h1>`),
			in(ui.Form("/masuk"),
				ui.Field(ui.FieldSpec{Name: "nip", Label: "NIP", Required: true, InputMode: "numeric", Autocomplete: "username"}),
				ui.Field(ui.FieldSpec{Name: "password", Label: "Kata sandi", Type: "password", Required: true, Autocomplete: "current-password"}),
				ui.Field(ui.FieldSpec{Name: "stay", Label: "Tetap masuk di ponsel ini", Type: "checkbox", Required: true}),
				ui.Button("Masuk", "primary"))))
}
