package dev.escala.architecture.planted;

import dev.escala.http.Problem;
import java.sql.SQLException;

/** Breaks the import table on purpose, to prove that the test would notice. */
final class PlantedViolation {
  Problem problem(SQLException failure) {
    return new Problem(500, failure.getSQLState(), "planted", null, null);
  }
}
