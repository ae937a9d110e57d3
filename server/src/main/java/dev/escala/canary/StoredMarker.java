package dev.escala.canary;

/** A marker as it is stored, and how often it was delivered until now. */
record StoredMarker(Marker marker, int deliveries) {}
