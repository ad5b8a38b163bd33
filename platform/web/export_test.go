package web

// NetworkOf is what Network makes of an address.
var NetworkOf = networkOf
