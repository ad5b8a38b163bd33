package program

import (
	"context"
	"strings"

	"github.com/wiyata-id/wiyata/platform/civil"
	"github.com/wiyata-id/wiyata/platform/web/ui"
	"github.com/wiyata-id/wiyata/plugins/coursetype"
	"github.com/wiyata-id/wiyata/tenants/employee"
)

// Said is what a course type says, in the reader's language.
func Said(ctx context.Context, t coursetype.Text) string {
	if ui.ViewFrom(ctx).Lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ID
}

// DataWords names a piece of personal data in plain words.
func DataWords(f coursetype.Field) string {
	switch f {
	case coursetype.FieldRank:
		return ui.N("Golongan")
	case coursetype.FieldSince:
		return ui.N("Tanggal mulai pengangkatan")
	case coursetype.FieldHistory:
		return ui.N("Riwayat pelatihan jenis yang sama")
	}
	return string(f)
}

// kinds names the kinds of participants.
func kinds(ctx context.Context, keys []string) string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = ui.T(ctx, employee.Kind(k).Words())
	}
	return strings.Join(names, ", ")
}

// decree names where a rule-set is from.
func decree(r coursetype.RuleSet) string {
	if r.Article == "" {
		return r.Decree
	}
	return r.Decree + ", " + r.Article
}

// validity is when batches may begin under r.
func validity(ctx context.Context, r coursetype.RuleSet) string {
	from, to := long(r.From), long(r.To)
	if to == "" {
		return ui.T(ctx, "sejak %s", from)
	}
	return from + " – " + to
}

func long(day string) string {
	d, err := civil.ParseDate(day)
	if err != nil {
		return ""
	}
	return d.Short()
}

// asks are the fields of a version as its form sends them back.
func asks(d *coursetype.Description) string {
	names := make([]string, len(d.Asks))
	for i, a := range d.Asks {
		names[i] = string(a.Field)
	}
	return strings.Join(names, " ")
}

// name is what the course type is called; of a silent one its key and version.
func (c Course) name(ctx context.Context) string {
	if c.Description == nil {
		return ui.T(ctx, "%s versi %s", c.Key, c.Version)
	}
	return Said(ctx, c.Description.Name)
}

// consent is what the button that enables c says.
func consent(ctx context.Context, c Course) string {
	if len(c.Description.Asks) == 0 {
		return ui.T(ctx, "Aktifkan %s", c.name(ctx))
	}
	return ui.T(ctx, "Setujui datanya dan aktifkan %s", c.name(ctx))
}

// data names pieces of personal data in a row.
func data(ctx context.Context, fields []coursetype.Field) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = strings.ToLower(ui.T(ctx, DataWords(f)))
	}
	return strings.Join(names, ", ")
}
