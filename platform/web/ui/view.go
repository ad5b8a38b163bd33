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

import "context"

// View is what the shell shows around a page.
type View struct {
	Person   string // who is signed in; "" for nobody
	Tenant   string // name of the government; "" outside one
	Slug     string // its path below /t/
	Role     string // as what the person acts
	Accent   string // "saffron" (default), "leaf", "morinda", "sea" or "clay": colour and weave
	Menu     []Link // rail of staff, from 60rem on; below, a menu to open
	Bottom   []Link // bar at the thumb on phones, at most four
	CSRF     string // goes into every form; set by the edge
	Flash    string // shown once; set by the edge
	Path     string // of this page; set by the edge
	Switch   string // page on which to choose another tenant; "" hides it
	Security string // page of one's sessions and second factor; "" hides it
	Help     string // page or number to ask; "" names the admin
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

func nameOf(v *View) string {
	if v.Tenant != "" {
		return v.Tenant
	}
	return "Wiyata"
}

func home(v *View) string {
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

// accent returns a, or the default for one that the style sheet does not know.
func accent(a string) string {
	switch a {
	case "saffron", "leaf", "morinda", "sea", "clay":
		return a
	}
	return "saffron"
}

// themeColor colours the browser's own bar like the masthead.
func themeColor(v *View) string {
	if v.ReadOnly {
		return "#46263F"
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
