package dev.escala.slo;

import dev.escala.dashboard.GrafanaFiles;

/** Breaks the rules of imports on purpose, to prove that the test would notice. */
final class PlantedImport {
  GrafanaFiles dashboards() {
    return new GrafanaFiles(Destinations.NOWHERE);
  }
}
