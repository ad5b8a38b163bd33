package main

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wiyata-id/wiyata/plugins/coursetype"
)

const (
	maxTopic = 200 // characters
	maxJP    = 400 // lesson hours that a plan may aim at
)

// settings are a batch's, as its schema has them. What is not said is a classroom
// bimtek in the country, of as many lesson hours as its days hold.
type settings struct {
	Topic    string          `json:"topic"`    // as certificates and the timetable name it; "" = none
	SIASN    int             `json:"siasn"`    // activity type, one of forms
	Abroad   bool            `json:"abroad"`   // international: credited at the form's rate abroad
	Mode     coursetype.Mode `json:"mode"`     // of the planned sessions; "" = the form's usual one
	JP       int             `json:"jp"`       // lesson hours to plan; 0 = as the days hold
	Pretest  bool            `json:"pretest"`  // takes the first 45 minutes, without JP; never counts
	Posttest bool            `json:"posttest"` // takes the last ones; counts under the rule-set with post-test alone
}

// A course is what a batch's settings come to.
type course struct {
	settings
	form   form
	credit coursetype.Credit
}

// read reads the settings of a batch. Errors: BadRequest for what does not fit the
// schema, and for a form abroad that the table does not know.
func read(s coursetype.Settings) (course, error) {
	c, err := lenient(s)
	if err == nil && c.credit.Rate == 0 {
		err = coursetype.Refuse(coursetype.BadRequest, "%s tidak dikonversi di luar negeri. Ubah pengaturan angkatan.", c.form.Name.ID)
	}
	return c, err
}

// lenient is read for Check, which tells of the form abroad itself.
func lenient(s coursetype.Settings) (c course, err error) {
	c.SIASN = typeBimtek
	if err := s.Read(&c.settings); err != nil {
		return c, err
	}
	var known bool
	c.form, known = formOf(c.SIASN)
	switch {
	case !known:
		return c, coursetype.Refuse(coursetype.BadRequest, "Jenis kegiatan SIASN %d belum mempunyai aturan konversi JP. Pilih jenis lain pada pengaturan angkatan.", c.SIASN)
	case utf8.RuneCountInString(c.Topic) > maxTopic || strings.ContainsFunc(c.Topic, unicode.IsControl):
		return c, coursetype.Refuse(coursetype.BadRequest, "Topik terlalu panjang atau memuat ganti baris. Tulis satu baris, paling banyak %d huruf.", maxTopic)
	case c.Mode != "" && !slices.Contains(modes(), c.Mode):
		return c, coursetype.Refuse(coursetype.BadRequest, "Cara penyelenggaraan tidak dikenal. Pilih ulang pada pengaturan angkatan.")
	case c.JP < 0 || c.JP > maxJP:
		return c, coursetype.Refuse(coursetype.BadRequest, "Sasaran %d JP tidak dapat dijadwalkan. Isi 0 sampai %d JP.", c.JP, maxJP)
	}
	c.Topic = strings.TrimSpace(c.Topic)
	if c.Mode == "" {
		c.Mode = usual(c.form)
	}
	if c.credit = c.form.National; c.Abroad {
		c.credit = c.form.Abroad
	}
	return c, nil
}

func modes() []coursetype.Mode {
	return []coursetype.Mode{coursetype.Classroom, coursetype.Live, coursetype.SelfPaced, coursetype.Workplace}
}

// usual returns how sessions of a form are held unless the batch says otherwise.
func usual(f form) coursetype.Mode {
	switch {
	case f.SIASN == typeElearning || f.SIASN == 22: // self-study
		return coursetype.SelfPaced
	case f.SIASN == 17: // distance training
		return coursetype.Live
	case f.Unit == coursetype.PerTime && f.National.MonthCap == 0:
		return coursetype.Workplace
	}
	return coursetype.Classroom
}

// property is one of the schema, its words in both languages.
type property struct {
	Type          string   `json:"type"`
	Title         string   `json:"title"`
	TitleEN       string   `json:"x-title-en"`
	Description   string   `json:"description,omitempty"`
	DescriptionEN string   `json:"x-description-en,omitempty"`
	OneOf         []choice `json:"oneOf,omitempty"`
	Minimum       *int     `json:"minimum,omitempty"`
	Maximum       *int     `json:"maximum,omitempty"`
	MaxLength     *int     `json:"maxLength,omitempty"`
	Default       any      `json:"default,omitempty"`
}

type choice struct {
	Const   any    `json:"const"`
	Title   string `json:"title"`
	TitleEN string `json:"x-title-en"`
}

// schema returns the JSON Schema of settings, in the order in which a form shows them.
func schema() (string, error) {
	var types []choice
	for _, f := range forms() {
		types = append(types, choice{f.SIASN, f.Name.ID, f.Name.EN})
	}
	flag := func(id, en, hintID, hintEN string) property {
		return property{Type: "boolean", Title: id, TitleEN: en, Description: hintID, DescriptionEN: hintEN, Default: false}
	}
	type properties struct {
		Topic    property `json:"topic"`
		SIASN    property `json:"siasn"`
		Abroad   property `json:"abroad"`
		Mode     property `json:"mode"`
		JP       property `json:"jp"`
		Pretest  property `json:"pretest"`
		Posttest property `json:"posttest"`
	}
	text, err := json.Marshal(struct {
		Schema     string     `json:"$schema"`
		Type       string     `json:"type"`
		Properties properties `json:"properties"`
		Required   []string   `json:"required"`
		Additional bool       `json:"additionalProperties"`
	}{
		Schema: "https://json-schema.org/draft/2020-12/schema", Type: "object", Required: []string{"siasn"},
		Properties: properties{
			Topic: property{Type: "string", Title: "Topik", TitleEN: "Topic", MaxLength: new(maxTopic),
				Description: "Dicetak pada sertifikat dan jadwal.", DescriptionEN: "Printed on certificates and the timetable."},
			SIASN: property{Type: "integer", Title: "Jenis kegiatan SIASN", TitleEN: "SIASN activity type", OneOf: types, Default: typeBimtek,
				Description: "Menentukan konversi JP dan kelas sertifikat.", DescriptionEN: "Decides how lesson hours convert, and the class of the certificate."},
			Abroad: flag("Internasional", "International",
				"Diselenggarakan di luar negeri atau bertaraf internasional: dikonversi dengan tarif internasional.",
				"Held abroad or of international standing: lesson hours convert at the international rate."),
			Mode: property{Type: "string", Title: "Cara penyelenggaraan", TitleEN: "How it is held", OneOf: []choice{
				{coursetype.Classroom, "Tatap muka", "Face to face"}, {coursetype.Live, "Daring langsung", "Live online"},
				{coursetype.SelfPaced, "Daring mandiri", "Online at one's own pace"}, {coursetype.Workplace, "Di tempat kerja atau lapangan", "At the workplace or in the field"},
			}},
			JP: property{Type: "integer", Title: "Sasaran JP", TitleEN: "Lesson hours to plan", Minimum: new(0), Maximum: new(maxJP), Default: 0,
				Description: "0 berarti sebanyak yang dimuat hari kerjanya.", DescriptionEN: "0 means as many as its working days hold."},
			Pretest: flag("Adakan pre-test", "Hold a pre-test", "Mengukur kemampuan awal; tidak dihitung dalam nilai.", "Measures what is known before; it does not count."),
			Posttest: flag("Adakan post-test", "Hold a post-test", "Hanya dihitung dalam nilai pada ketentuan dengan post-test, dan di sana selalu diadakan.",
				"Counts only under the rule-set with a post-test, where it is always held."),
		},
	})
	return string(text), err
}
