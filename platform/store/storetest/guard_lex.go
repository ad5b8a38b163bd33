package storetest

import (
	"fmt"
	"slices"
	"strings"
)

// A token is a word of a statement. Both engines read it alike: what they would
// read differently (E'…' strings, dollar quotes, nested comments) is refused.
type token struct {
	kind tokenKind
	text string // folded to lower case for names; without quotes for strings
}

type tokenKind byte

const (
	end    tokenKind = iota
	word             // keyword or bare name
	quoted           // "name"
	str              // 'text', x'00'
	number
	symbol
)

// symbols of more than one character, longest first.
const symbols = "->> || :: <> != <= >= == -> @> <@"

// lex cuts text into tokens; the last is of kind end.
func lex(text string) ([]token, error) {
	var all []token
	for i := 0; i < len(text); {
		c := text[i]
		rest := text[i:]
		switch {
		case strings.IndexByte(" \t\r\n\f", c) >= 0:
			i++
		case strings.HasPrefix(rest, "--"):
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			i += n
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/") // "/*/" opens and does not close
			if n < 0 || strings.Contains(rest[2:2+n], "/*") {
				return nil, fmt.Errorf("a comment that nests or has no end")
			}
			i += n + 4
		case c == '\'' || (c == 'x' || c == 'X') && strings.HasPrefix(rest[1:], "'"):
			at := strings.IndexByte(rest, '\'')
			value, n, err := quotedText(rest[at:], '\'')
			if err != nil {
				return nil, err
			}
			all = append(all, token{str, value})
			i += at + n
		case c == '"':
			value, n, err := quotedText(rest, '"')
			if err != nil {
				return nil, err
			}
			all = append(all, token{quoted, strings.ToLower(value)})
			i += n
		case digit(c) || c == '.' && len(rest) > 1 && digit(rest[1]):
			n := 1
			for n < len(rest) && (digit(rest[n]) || rest[n] == '.' || letter(rest[n]) ||
				(rest[n] == '-' || rest[n] == '+') && (rest[n-1] == 'e' || rest[n-1] == 'E')) {
				n++
			}
			all = append(all, token{number, rest[:n]})
			i += n
		case letter(c):
			n := 1
			for n < len(rest) && (letter(rest[n]) || digit(rest[n])) {
				n++
			}
			if n < len(rest) && rest[n] == '\'' {
				return nil, fmt.Errorf("a string with the prefix %s", rest[:n])
			}
			all = append(all, token{word, strings.ToLower(rest[:n])})
			i += n
		default:
			s, err := symbolAt(rest)
			if err != nil {
				return nil, err
			}
			all = append(all, token{symbol, s})
			i += len(s)
		}
	}
	return append(all, token{end, ""}), nil
}

func symbolAt(rest string) (string, error) {
	for s := range strings.FieldsSeq(symbols) {
		if strings.HasPrefix(rest, s) {
			return s, nil
		}
	}
	if strings.IndexByte("()[],.;=<>+-*/%", rest[0]) < 0 {
		return "", fmt.Errorf("the character %q", rest[0])
	}
	return rest[:1], nil
}

// quotedText reads what stands between two quotes at the beginning of text, a
// doubled quote being one; n is how long it was with its quotes.
func quotedText(text string, quote byte) (value string, n int, err error) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != quote {
			b.WriteByte(text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == quote {
			b.WriteByte(quote)
			i++
			continue
		}
		return b.String(), i + 1, nil
	}
	return "", 0, fmt.Errorf("a quote that has no end")
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func letter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= 0x80
}

// shape is the statement with its values taken out, so that statements which
// differ in values alone are one: a list of values is as good as a single one.
func shape(tokens []token) string {
	var all []string
	for i, t := range tokens {
		text := t.text
		switch {
		case t.kind == str, t.kind == number:
			text = "?"
		case t.kind == quoted:
			text = `"` + text + `"`
		case i > 0 && (text == "null" || text == "default") && (tokens[i-1].text == "(" || tokens[i-1].text == ","):
			text = "?"
		}
		all = append(all, text)
		for _, many := range [][]string{{"?", ",", "?"}, {"(", "?", ")", ",", "(", "?", ")"}} {
			if from := len(all) - len(many); from >= 0 && slices.Equal(all[from:], many) {
				all = all[:from+len(many)/2]
			}
		}
	}
	return strings.Join(all, " ")
}

// reserved are the words that end an expression or a table, so that they are no alias.
var reserved = setOf(`all and any array as asc between by case collate conflict cross current default delete desc distinct
	do else end escape except exists false fetch filter for from full group having in indexed inner insert intersect into is
	isnull join lateral left like ilike glob regexp match limit materialized natural not nothing notnull null nulls offset
	on only or order outer over partition recursive returning right row select set similar some tablesample then true
	union update using values when where window with`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
