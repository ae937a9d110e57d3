package dev.escala.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The root certificates by which the server knows a database of Amazon RDS. */
class CertificatesTest {
  private static final Path FILE = Path.of("../image/rds-ca.pem");

  private static Collection<X509Certificate> certificates()
      throws IOException, GeneralSecurityException {
    try (InputStream file = Files.newInputStream(FILE)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(file).stream()
          .map(X509Certificate.class::cast)
          .toList();
    }
  }

  @Test
  void eachIsARootOfRdsThatSignedItselfAndServesForYears()
      throws IOException, GeneralSecurityException {
    Date later = Date.from(Instant.now().plus(10 * 365, ChronoUnit.DAYS));
    for (X509Certificate root : certificates()) {
      String name = root.getSubjectX500Principal().getName();
      assertThat(name)
          .containsPattern(
              "CN=Amazon RDS [a-z]+(-[a-z]+)+-[0-9] Root CA (RSA2048|RSA4096|ECC384) G1,")
          .contains("O=Amazon Web Services\\, Inc.");
      assertThat(root.getIssuerX500Principal()).isEqualTo(root.getSubjectX500Principal());
      root.verify(root.getPublicKey());
      root.checkValidity(later);
      assertThat(root.getBasicConstraints()).as("%s may sign", name).isNotNegative();
    }
  }

  /** What {@code infra/system} asks RDS for, in each region that the documents name. */
  @Test
  void theRegionsOfTheDocumentsAreAmongThem() throws IOException, GeneralSecurityException {
    List<String> names =
        certificates().stream().map(root -> root.getSubjectX500Principal().getName()).toList();
    assertThat(names).doesNotHaveDuplicates().hasSize(81);
    assertThat(Stream.of("eu-west-1", "us-east-1", "sa-east-1"))
        .allSatisfy(
            region ->
                assertThat(names)
                    .anyMatch(
                        name -> name.contains("Amazon RDS " + region + " Root CA RSA2048 G1")));
  }
}
