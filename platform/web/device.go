package web

import (
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

const deviceCookie = "device"

// Device names the browser and the system that ask, "Chrome di Android": enough for a
// person to know their own again, and nothing finer. "" is what names neither.
func Device(c *fiber.Ctx) string { return deviceOf(c.Get(fiber.HeaderUserAgent)) }

// Many browsers name others as well: the first that matches is the one that is meant.
var (
	browsers = [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"UCBrowser/", "UC Browser"}, {"Firefox/", "Firefox"},
		{"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = [][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

func deviceOf(agent string) string {
	named := func(list [][2]string) string {
		for _, pair := range list {
			if strings.Contains(agent, pair[0]) {
				return pair[1]
			}
		}
		return ""
	}
	browser, system := named(browsers), named(systems)
	if browser == "" || system == "" {
		return browser + system
	}
	return browser + " di " + system
}

// Network returns the prefix of the address that asks, /24 or of IPv6 /48: whom a
// provider puts there changes, and a person is not told from their neighbours by it.
func Network(c *fiber.Ctx) string { return networkOf(c.IP()) }

func networkOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	bits := 48
	if a = a.Unmap().WithZone(""); a.Is4() {
		bits = 24
	}
	prefix, _ := a.Prefix(bits) // both lengths exist
	return prefix.String()
}

// Mark returns what Remember has left in the browser, or "".
func Mark(c *fiber.Ctx) string { return c.Cookies(cookieName(deviceCookie, of(c).secure)) }

// Remember leaves a mark in the browser by which a later sign-in knows it again. It is
// no session and opens nothing.
func Remember(c *fiber.Ctx, mark string, until time.Time) { cookie(c, deviceCookie, mark, until) }
