package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// sniff tells from the content of r what it is.
// Errors: fault.Invalid for what is no table that we read, each kind with its own cure.
func sniff(r io.ReaderAt, size int64) (Format, error) {
	if size == 0 {
		return "", fault.New(fault.Invalid, "Berkas kosong. Pilih berkas yang berisi tabel.")
	}
	head := make([]byte, min(size, 1024))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return "", err
	}
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return XLSX, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", compound(r, size)
	case strings.HasPrefix(text, "%pdf-"):
		return "", fault.New(fault.Invalid, "Ini berkas PDF, bukan tabel. Unggah .xlsx atau .csv.")
	case strings.HasPrefix(text, "<?xml") && strings.Contains(text, "urn:schemas-microsoft-com:office:spreadsheet"):
		return "", fault.New(fault.Invalid, "Ini tabel XML Excel 2003. Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx).")
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<table"), strings.HasPrefix(text, "<meta"):
		return "", fault.New(fault.Invalid, "Ini halaman web yang disimpan dengan nama tabel. Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx).")
	}
	return CSV, nil
}

// compound tells apart what comes in Microsoft's older container: a workbook
// behind a password, and a workbook of Excel 97–2003. It always returns a fault
// or the error of r.
func compound(r io.ReaderAt, size int64) error {
	name := utf16Bytes("EncryptedPackage")
	buf := make([]byte, 64<<10)
	for at := int64(0); at < size; at += int64(len(buf) - len(name)) {
		n, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return err
		}
		if bytes.Contains(buf[:n], name) {
			return locked()
		}
	}
	return fault.New(fault.Invalid, "Ini berkas Excel lama (.xls). Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx).")
}

func locked() error {
	return fault.New(fault.Invalid, "Berkas dikunci kata sandi. Buka di Excel, hapus kata sandinya, simpan, lalu unggah kembali.")
}

func utf16Bytes(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8)) //nolint:gosec // the low half, then the high one
	}
	return b
}

// notWorkbook says what a zip is that holds no XLSX. It always returns a fault.
func notWorkbook(parts map[string]*zip.File) error {
	mime := ""
	if f := parts["mimetype"]; f != nil && f.UncompressedSize64 < 200 {
		if b, err := readPart(f); err == nil {
			mime = string(b)
		}
	}
	switch {
	case strings.Contains(mime, "opendocument.spreadsheet"):
		return fault.New(fault.Invalid, "Ini berkas OpenDocument (.ods). Buka di LibreOffice, lalu Simpan Sebagai Excel 2007–365 (.xlsx).")
	case parts["xl/workbook.bin"] != nil:
		return fault.New(fault.Invalid, "Ini berkas Excel biner (.xlsb). Buka di Excel, lalu Simpan Sebagai Buku Kerja Excel (.xlsx).")
	case parts["word/document.xml"] != nil:
		return fault.New(fault.Invalid, "Ini dokumen Word, bukan tabel. Salin tabelnya ke Excel, lalu simpan sebagai .xlsx.")
	case parts["xl/workbook.xml"] != nil:
		return damaged()
	}
	return fault.New(fault.Invalid, "Ini berkas zip, bukan tabel. Keluarkan isinya, lalu unggah .xlsx atau .csv.")
}

// unzipErr turns the errors of a broken zip into a fault and leaves those of the disk.
func unzipErr(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, zip.ErrFormat), errors.Is(err, zip.ErrAlgorithm), errors.Is(err, zip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return damaged()
	case errors.As(err, &corrupt):
		return damaged()
	}
	return err
}
