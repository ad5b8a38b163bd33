package store

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"golang.org/x/text/unicode/norm"

	"github.com/wiyata-id/wiyata/platform/fault"
)

// A Cursor is the place of a row in a list that is ordered by a text and then by id:
// the next page begins after it. It does not shift when rows come and go.
type Cursor struct {
	Key string `json:"k"`
	ID  string `json:"i"`
}

// cursorLimit bounds a cursor in its text form, in bytes.
const cursorLimit = 2000

// String returns c as it stands in an address, "" for the zero Cursor. What is in it is
// nobody's business, so that it can change.
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	text, _ := json.Marshal(c) // two strings: it cannot fail
	return base64.RawURLEncoding.EncodeToString(text)
}

// ParseCursor reads what String returned; "" is the zero Cursor, the first page.
// Errors: fault.Invalid of field "cursor".
func ParseCursor(text string) (c Cursor, err error) {
	if text == "" {
		return Cursor{}, nil
	}
	unknown := fault.At("cursor", "Penanda halaman ini tidak dikenal. Mulai lagi dari halaman pertama.")
	if len(text) > cursorLimit {
		return Cursor{}, unknown
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &c) != nil {
		return Cursor{}, unknown
	}
	if _, err := uuid.Parse(c.ID); err != nil || c.ID != Canonical(c.ID) || strings.ContainsRune(c.Key, 0) || !utf8.ValidString(c.Key) {
		return Cursor{}, unknown
	}
	return c, nil
}

// Page limits q to size rows after c and one more, in the order of the columns key and
// id; Cut takes the one more off again. key is a column of the type "ordered".
func (c Cursor) Page(q *bun.SelectQuery, key, id string, size int) *bun.SelectQuery {
	if c != (Cursor{}) {
		q = q.Where("(?, ?) > (?, ?)", bun.Ident(key), bun.Ident(id), c.Key, c.ID)
	}
	return q.OrderExpr("?, ?", bun.Ident(key), bun.Ident(id)).Limit(int64(size) + 1)
}

// Cut returns the first size of rows, and where the next page begins: the zero Cursor
// when there is none. at is the place of a row.
func Cut[T any](rows []T, size int, at func(T) Cursor) ([]T, Cursor) {
	if len(rows) <= size {
		return rows, Cursor{}
	}
	return rows[:size], at(rows[size-1])
}

// apostrophes are the signs that people type inside a name.
const apostrophes = "'`\u2018\u2019\u02bc"

// Words splits a text into what it is searched by: words of letters and digits in small
// letters without accents, in their order. An apostrophe joins: Ma'ruf is found as maruf.
func Words(text string) []string {
	var folded strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, " ")) {
		switch {
		case unicode.Is(unicode.Mn, r), strings.ContainsRune(apostrophes, r):
		case unicode.IsLetter(r), unicode.IsDigit(r):
			folded.WriteRune(unicode.ToLower(r))
		default:
			folded.WriteByte(' ')
		}
	}
	return strings.Fields(folded.String())
}

// WordsLimit is how many words of a search count; the others are left out.
const WordsLimit = 8

// Beginning narrows q to the rows whose id is, in the word table, with each of the words
// typed: with a word of which it is the beginning. The table has the columns tenant_id,
// word ("ordered") and of, the row's id.
//
// PostgreSQL gathers the ids first, into an array: left to choose, it walks the list in its
// order and looks at the words of each row, and a name that begins late in the alphabet is
// found after all others.
func Beginning(tx *Tx, q *bun.SelectQuery, table, of, id string, typed []string) *bun.SelectQuery {
	typed = typed[:min(len(typed), WordsLimit)]
	if len(typed) == 0 {
		return q
	}
	const with = " FROM ? WHERE tenant_id = ? AND word >= ? AND word < ?"
	where, end := "? IN (SELECT ?"+with, ")"
	if tx.Postgres() {
		where, end = "? = ANY ((SELECT array_agg(?)"+with, ")::uuid[])"
	}
	var args []any
	for i, word := range typed {
		if i > 0 {
			where, end = where+" AND ? IN (SELECT ?"+with, ")"+end
		}
		args = append(args, bun.Ident(id), bun.Ident(of), bun.Ident(table), tx.Tenant, word, word+string(utf8.MaxRune))
		id = of
	}
	return q.Where(where+end, args...)
}
