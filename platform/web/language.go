package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Indonesian texts stand in the code; en.json, beside them, has the English ones.
//
//go:embed ui/en.json
var english []byte

const (
	langCookie = "lang"
	langLife   = 365 * 24 * time.Hour
)

// Words adds the English texts of a slice: a JSON object from Indonesian to English. It
// panics on bad JSON and on two translations of one text: mistakes of the program.
func (a *App) Words(catalogue []byte) {
	var words map[string]string
	if err := json.Unmarshal(catalogue, &words); err != nil {
		panic(fmt.Sprintf("web: catalogue of words: %v", err))
	}
	for text, said := range words {
		if there, ok := a.english[text]; ok && there != said {
			panic(fmt.Sprintf("web: %q is %q and %q in English", text, there, said))
		}
		a.english[text] = said
	}
}

// language returns lang when the product speaks it, else Indonesian.
func language(lang string) string {
	if lang == "en" {
		return lang
	}
	return "id"
}

// Prefer shows the page in lang to a reader who has chosen no language: that of whose
// page it is, where only the handler knows.
func Prefer(c *fiber.Ctx, lang string) {
	r, v := of(c), ViewFrom(c.UserContext())
	if r.chosen {
		return
	}
	if v.Lang, v.Words = language(lang), nil; v.Lang == "en" {
		v.Words = r.english
	}
}

// languages declares how a reader changes the language: for this browser, and a year.
// Without a cookie it is the one that Authenticate's View names.
func (a *App) languages() {
	a.Words(english)
	a.Post("/bahasa", Policy{Door: "public"}, func(c *fiber.Ctx) error {
		cookie(c, langCookie, language(c.FormValue("bahasa")), time.Now().Add(langLife))
		// Back to where the button was pressed. The browser says so; the page itself does
		// not, because the page of an address that does not exist shows nothing of it.
		back, _ := strings.CutPrefix(c.Get(fiber.HeaderReferer), a.origin)
		return Done(c, back, "")
	})
}
