package oversight

import (
	"testing"

	"github.com/wiyata-id/wiyata/tenants"
	"github.com/wiyata-id/wiyata/tenants/stat"
)

// TestPlaces: 38 provinces, each in a square of its own within 14 by 7.
func TestPlaces(t *testing.T) {
	at, labels := map[[2]int]string{}, map[string]string{}
	for code, p := range places {
		square := [2]int{p.column, p.row}
		if at[square] != "" || labels[p.label] != "" {
			t.Errorf("%s shares its square or label %s", code, p.label)
		}
		at[square], labels[p.label] = code, code
		if p.column < 1 || p.column > 14 || p.row < 1 || p.row > 7 {
			t.Errorf("%s stands outside, at %v", code, square)
		}
	}
	if len(places) != 38 {
		t.Errorf("%d provinces have a place, want 38", len(places))
	}
}

// TestTiles: no data is no shade; zero has one; equal numbers share theirs; classes
// tell what their shades stand for.
func TestTiles(t *testing.T) {
	var r Report
	for code, n := range map[string]int{"11": 0, "12": 5, "13": 5, "14": 90_000, "15": -1} {
		row := Row{Government: tenants.Government{Code: code, Kind: tenants.Province}, Of: 1}
		if n >= 0 {
			row.Heads, row.Reporting = stat.Heads{{Employment: "PNS"}: n}, 1
		}
		r.Rows = append(r.Rows, row)
	}
	shade := map[string]int{}
	tiles := r.Tiles()
	for _, tile := range tiles {
		shade[tile.Government.Code] = tile.Shade
	}
	if shade["15"] != 0 || shade["11"] != 1 || shade["12"] != shade["13"] || shade["12"] <= 1 || shade["14"] <= shade["12"] {
		t.Errorf("shades %v", shade)
	}
	all := classes(tiles)
	if len(all) != 3 || span(all[0]) != "0" || span(all[1]) != "5" || span(all[2]) != "90.000" {
		t.Errorf("classes %v", all)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1.000", 1284310: "1.284.310", -1234: "-1.234", -123: "-123"} {
		if got := dots(n); got != want {
			t.Errorf("dots(%d) = %s, want %s", n, got, want)
		}
	}
}
