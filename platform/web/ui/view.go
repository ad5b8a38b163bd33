// Package ui is the look: the shell around a page, and the components pages are
// made of.
//
// Components are templ functions with the good default built in: a form carries
// its CSRF token, a field its error, a button 48 px under a thumb. Everything
// works without JavaScript and under a policy that forbids inline scripts and
// styles, so values that vary are attributes or classes. The style sheet is
// asset/src/app.css; class names and tokens are English, words on screen
// Indonesian, and English for who wants it (T).
package ui

import (
	"context"
	"strings"
)

// View is what the shell shows around a page.
type View struct {
	Person   string // who is signed in; "" for nobody
	Tenant   string // name of the government; "" outside one
	Slug     string // its path below /t/
	Home     string // where the name at the head leads; "" = the tenant's entrance, or the product's face
	Role     string // as what the person acts
	Body     string // name of the government's training body, where it has told one
	Theme    Theme  // its colours and its weave
	Menu     []Link // rail of staff, from 60rem on; below, a menu to open
	Bottom   []Link // bar at the thumb on phones, at most four
	CSRF     string // goes into every form; set by the edge
	Flash    string // shown once; set by the edge
	Path     string // of this page; set by the edge
	Switch   string // page on which to choose another tenant; "" hides it
	Security string // page of one's sessions and second factor; "" hides it
	Help     string // page, telephone number or e-mail address to ask; "" names the admin
	ReadOnly bool   // oversight: another header colour and "Pengawasan — hanya baca"
	Lang     string // of the reader: "en", else Indonesian; set by the edge
	Words    Words  // of Lang; nil for Indonesian; set by the edge
}

// A Link is a line of a menu. The edge marks the current one when none is marked.
type Link struct {
	Path, Label, Icon string
	Current           bool
}

type viewKey struct{}

// WithView returns ctx with v in it.
func WithView(ctx context.Context, v *View) context.Context {
	return context.WithValue(ctx, viewKey{}, v)
}

// ViewFrom returns the view in ctx, never nil.
func ViewFrom(ctx context.Context) *View {
	if v, ok := ctx.Value(viewKey{}).(*View); ok {
		return v
	}
	return &View{}
}

// nameOf is whose pages these are: the training body, else the government.
func nameOf(v *View) string {
	switch {
	case v.Body != "":
		return v.Body
	case v.Tenant != "":
		return v.Tenant
	}
	return "Wiyata"
}

// below is the line below the name: as what the person acts, and the government, where
// the name does not say it.
func below(ctx context.Context, v *View) string {
	var parts []string
	if v.Role != "" {
		parts = append(parts, T(ctx, v.Role))
	}
	if v.Body != "" && v.Tenant != "" && !strings.Contains(v.Body, v.Tenant) {
		parts = append(parts, v.Tenant)
	}
	return strings.Join(parts, " · ")
}

func home(v *View) string {
	if v.Home != "" {
		return v.Home
	}
	if v.Slug != "" {
		return "/t/" + v.Slug
	}
	return "/"
}

func pageTitle(title string, v *View) string {
	if v.Tenant == "" && title == "Wiyata" {
		return title
	}
	return title + " · " + nameOf(v)
}

// lang is the language that v's page says it is in.
func (v *View) lang() string {
	if v.Lang == "" {
		return "id"
	}
	return v.Lang
}

// motif is the weave of v's pages.
func motif(v *View) string {
	if v.Theme.Motif == "" {
		return Motifs()[0]
	}
	return v.Theme.Motif
}

// ask leads to v's help: a page, or what a telephone or a mail program opens.
func ask(help string) string {
	switch {
	case strings.HasPrefix(help, "/"), strings.HasPrefix(help, "https://"):
		return help
	case strings.Contains(help, "@"):
		return "mailto:" + help
	}
	return "tel:" + strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(help)
}

// themeColor colours the browser's own bar like the masthead.
func themeColor(v *View) string {
	if v.ReadOnly {
		return "#46263F"
	}
	if v.Theme.mast != "" {
		return v.Theme.mast
	}
	return "#10233F"
}

func actingAs(v *View) string {
	switch {
	case v.Role != "" && v.Tenant != "":
		return v.Role + " · " + v.Tenant
	case v.Role != "":
		return v.Role
	}
	return v.Tenant
}
