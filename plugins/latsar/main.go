// Latsar is the course type of the basic training of candidate civil servants
// (Pelatihan Dasar CPNS): a guest process of the platform, see package coursetype.
//
// It decides much: who fails is dismissed as a candidate, and nobody may come twice.
// So a score that is not there is no result and never zero, every number is
// explained, and what of the rules was not read in a decree says so in its Doubt. A
// rule-set is one method (blended, klasikal, jarak jauh) in one time; which of them
// holds follows from the first day of the batch.
package main

import "github.com/wiyata-id/wiyata/plugins/coursetype"

func main() { coursetype.Serve(latsar{}) }
