package oversight

import (
	"cmp"
	"slices"
)

// A place is where a province's tile stands in the map: 14 columns, 7 rows. The map is
// a scheme of equal squares, near their true directions from each other, and says
// nothing of borders.
type place struct {
	label       string // two letters, after ISO 3166-2:ID
	column, row int
}

// places by the code of the province; one that is not here is in the table alone.
var places = map[string]place{
	"11": {"AC", 1, 1}, "12": {"SU", 2, 2}, "13": {"SB", 2, 3}, "14": {"RI", 3, 2}, "15": {"JA", 3, 3}, "16": {"SS", 3, 4}, "17": {"BE", 2, 4},
	"18": {"LA", 3, 5}, "19": {"BB", 4, 4}, "21": {"KR", 4, 2}, "31": {"JK", 4, 6}, "32": {"JB", 5, 6}, "33": {"JT", 6, 6}, "34": {"YO", 6, 7},
	"35": {"JI", 7, 6}, "36": {"BT", 3, 6}, "51": {"BA", 8, 7}, "52": {"NB", 9, 7}, "53": {"NT", 10, 7}, "61": {"KB", 6, 2}, "62": {"KT", 6, 3},
	"63": {"KS", 7, 3}, "64": {"KI", 7, 2}, "65": {"KU", 7, 1}, "71": {"SA", 10, 2}, "72": {"ST", 9, 3}, "73": {"SN", 9, 5}, "74": {"SG", 10, 4},
	"75": {"GO", 9, 2}, "76": {"SR", 9, 4}, "81": {"MA", 11, 5}, "82": {"MU", 11, 2}, "91": {"PA", 14, 3}, "92": {"PB", 13, 3}, "93": {"PS", 14, 5},
	"94": {"PT", 13, 4}, "95": {"PE", 14, 4}, "96": {"PD", 12, 3},
}

// shades is how many classes of values the map tells apart.
const shades = 5

// A Tile is a province in the map.
type Tile struct {
	Row
	place
	Shade int // 1, the fewest, to 5; 0 = no data
}

// Tiles are the provinces of a national report in the order of their codes. Classes
// hold equally many provinces: one with very many people would else leave all others pale.
func (r Report) Tiles() (all []Tile) {
	var known []int
	for _, row := range r.Rows {
		if row.Known() {
			known = append(known, row.Total())
		}
	}
	slices.Sort(known)
	for _, row := range r.Rows {
		p, ok := places[row.Government.Code]
		if !ok {
			continue
		}
		t := Tile{Row: row, place: p}
		if row.Known() {
			below, _ := slices.BinarySearch(known, row.Total())
			t.Shade = 1 + below*shades/len(known)
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b Tile) int { return cmp.Compare(a.Government.Code, b.Government.Code) })
	return all
}

// A Class is what a shade of the map stands for: from the fewest to the most people.
type Class struct{ Shade, From, To int }

// classes are the shades that tiles have, the palest first.
func classes(tiles []Tile) (all []Class) {
	for shade := 1; shade <= shades; shade++ {
		c := Class{Shade: shade, From: -1}
		for _, t := range tiles {
			if t.Shade == shade {
				n := t.Total()
				if c.From < 0 || n < c.From {
					c.From = n
				}
				c.To = max(c.To, n)
			}
		}
		if c.From >= 0 {
			all = append(all, c)
		}
	}
	return all
}
