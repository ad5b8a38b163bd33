// Bimtek is the course type of technical guidance (bimbingan teknis): a guest
// process of the platform, see package coursetype.
package main

import "github.com/wiyata-id/wiyata/plugins/coursetype"

func main() { coursetype.Serve(bimtek{}) }
