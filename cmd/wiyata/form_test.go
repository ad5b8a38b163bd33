package main

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// fields are what a person types or chooses, by the name of the input; the rest of
// a form is sent as the page offers it.
type fields map[string]string

// press finds the form on the page whose button says label, fills it in and sends it.
func (c *client) press(label string, typed fields) *client {
	c.t.Helper()
	root, err := html.Parse(strings.NewReader(c.page.body))
	check(c.t, err)
	for form := range nodes(root, "form") {
		for button := range nodes(form, "button") {
			if strings.TrimSpace(textOf(button)) != label {
				continue
			}
			values := url.Values{}
			for _, tag := range []string{"input", "select", "textarea"} {
				for input := range nodes(form, tag) {
					values.Set(attr(input, "name"), offered(input))
				}
			}
			if name := attr(button, "name"); name != "" { // a browser sends the button that was pressed
				values.Set(name, attr(button, "value"))
			}
			for name, value := range typed {
				if !values.Has(name) {
					c.t.Fatalf("%s: the form %q has no input %q", c.page.path, label, name)
				}
				values.Set(name, value)
			}
			return c.post(attr(form, "action"), values)
		}
	}
	c.t.Fatalf("%s has no button %q:\n%s", c.page.path, label, readable(c.page.body))
	return nil
}

// follows the link whose text begins with label.
func (c *client) click(label string) *client {
	c.t.Helper()
	root, err := html.Parse(strings.NewReader(c.page.body))
	check(c.t, err)
	for link := range nodes(root, "a") {
		if strings.HasPrefix(strings.TrimSpace(textOf(link)), label) {
			return c.open(attr(link, "href"))
		}
	}
	c.t.Fatalf("%s has no link %q:\n%s", c.page.path, label, readable(c.page.body))
	return nil
}

// option returns the value of the choice whose label begins with label.
func (c *client) option(label string) string {
	c.t.Helper()
	root, err := html.Parse(strings.NewReader(c.page.body))
	check(c.t, err)
	for o := range nodes(root, "option") {
		if strings.HasPrefix(strings.TrimSpace(textOf(o)), label) {
			return attr(o, "value")
		}
	}
	c.t.Fatalf("%s has no choice %q", c.page.path, label)
	return ""
}

// offered is the value that an input has when nobody touches it.
func offered(n *html.Node) string {
	if n.Data != "select" {
		return attr(n, "value")
	}
	first, chosen, seen := "", "", false
	for o := range nodes(n, "option") {
		if !seen {
			first, seen = attr(o, "value"), true
		}
		for _, a := range o.Attr {
			if a.Key == "selected" {
				chosen = attr(o, "value")
			}
		}
	}
	if chosen != "" {
		return chosen
	}
	return first
}

// nodes walks the elements called tag below n.
func nodes(n *html.Node, tag string) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && d.Data == tag && !yield(d) {
				return
			}
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// readable is the text of a page, for messages and comparisons.
func readable(body string) string {
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return body
	}
	return textOf(root)
}

// csrf is the body of a form that carries nothing but the session's token, as the
// page at path offers it.
func (c *client) csrf(path string) string {
	c.t.Helper()
	c.send("GET", path, "", "")
	root, err := html.Parse(strings.NewReader(c.page.body))
	check(c.t, err)
	for input := range nodes(root, "input") {
		if attr(input, "name") == "_csrf" {
			return url.Values{"_csrf": {attr(input, "value")}}.Encode()
		}
	}
	c.t.Fatalf("%s has no form", path)
	return ""
}
