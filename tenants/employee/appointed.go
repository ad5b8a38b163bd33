package employee

import "github.com/wiyata-id/wiyata/platform/civil"

// RankClass is e's rank without the name of the pangkat: "III/c", of a PPPK "IX".
func (e Employee) RankClass() string { return shortRank(e) }

// Appointed returns the first day of e's present appointment (TMT): of a CPNS the day of
// the first rank, else the first of the month that the NIP says (digits 9 to 14, BKN's
// Peraturan 22/2007); of a PPPK that of the contract. Zero when it is not known.
func (e Employee) Appointed() civil.Date {
	switch e.Kind {
	case CPNS:
		if !e.RankDay.IsZero() {
			return e.RankDay
		}
		if len(e.NIP) == 18 {
			day, err := civil.ParseDate(e.NIP[8:12] + "-" + e.NIP[12:14] + "-01")
			if err == nil {
				return day
			}
		}
	case PPPK, PPPKPart:
		return e.ContractFrom
	case PNS, NonASN:
	}
	return civil.Date{}
}
