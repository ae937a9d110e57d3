package dev.escala.proofs;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** One PostgreSQL for the tests of a class, and an empty installation for each. */
@Tag("integration")
@TestInstance(Lifecycle.PER_CLASS)
abstract class Proof {
  Path directory;
  ProofDatabase database;
  Installation installation;

  @BeforeAll
  void startDatabase(@TempDir Path ofTheClass) {
    directory = ofTheClass;
    database = new ProofDatabase(directory.resolve("data"));
  }

  @AfterAll
  void stopDatabase() {
    database.close();
  }

  @BeforeEach
  void install() {
    installation = new Installation(directory, database);
  }

  @AfterEach
  void uninstall() {
    installation.close();
  }
}
