package config_test

import (
	"strings"
	"testing"

	"github.com/wiyata-id/wiyata/platform/config"
)

func TestRead(t *testing.T) {
	env := map[string]string{"WIYATA_DATABASE": "postgres://app:secret@db/wiyata", "WIYATA_LISTEN": "0.0.0.0:80"}
	read := func(args ...string) (config.Config, error) {
		return config.Read("serve", args, func(k string) string { return env[k] })
	}
	c, err := read("-listen", "127.0.0.1:9000")
	if err != nil || c.Listen != "127.0.0.1:9000" || c.Database != env["WIYATA_DATABASE"] {
		t.Errorf("a flag beats its variable: %+v, %v", c, err)
	}
	if _, err := read("-h"); err == nil || !strings.Contains(err.Error(), "WIYATA_DATABASE") || strings.Contains(err.Error(), "secret") {
		t.Errorf("help = %v", err)
	}
	for _, args := range [][]string{{"-nonsense", "1"}, {"extra"}} {
		if _, err := read(args...); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}

func TestServing(t *testing.T) {
	good := config.Config{Database: "sqlite:x", Listen: "127.0.0.1:0", BaseURL: "https://wiyata.example", Plugins: "p", SigningKey: "k"}
	if err := good.Serving(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*config.Config){
		"-database":    func(c *config.Config) { c.Database = "" },
		"-base-url":    func(c *config.Config) { c.BaseURL = "wiyata.example" },
		"-plugins":     func(c *config.Config) { c.Plugins = "" },
		"-signing-key": func(c *config.Config) { c.SigningKey = "" },
	} {
		c := good
		spoil(&c)
		if err := c.Serving(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s = %v", name, err)
		}
	}
}
