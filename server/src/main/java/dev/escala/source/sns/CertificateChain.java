package dev.escala.source.sns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * Whether a certificate is one of SNS, and leads to a root that is trusted. SNS gives no
 * certificates between both, so what is missing is fetched from who issued it.
 */
final class CertificateChain {
  private static final int MOST_CERTIFICATES = 8;
  private static final int MOST_BETWEEN = 2;
  private static final int LEAST_BITS = 2048;
  private static final int DNS_NAME = 2;

  /** Of Amazon Trust Services, and of DigiCert for regions of China. */
  private static final Pattern ISSUERS =
      Pattern.compile(
          "http://(crt\\.[a-z0-9]{1,20}\\.amazontrust\\.com|cacerts\\.digicert\\.com)"
              + "/[A-Za-z0-9._-]{1,100}");

  /** Its extension says who issued it (RFC 5280, 4.2.2.1), behind this name as a URI follows. */
  private static final String AUTHORITY = "1.3.6.1.5.5.7.1.1";

  private static final byte[] ISSUER_AT = {6, 8, 43, 6, 1, 5, 5, 7, 48, 2, (byte) 0x86};

  private final Set<TrustAnchor> roots;
  private final Fetcher fetcher;

  CertificateChain(Set<TrustAnchor> roots, Fetcher fetcher) {
    this.roots = Set.copyOf(roots);
    this.fetcher = fetcher;
  }

  /**
   * The certificate of a file, which is the first in it.
   *
   * @throws GeneralSecurityException if it is none of the topic's SNS, or not good at that time
   * @throws IOException if what leads to a root cannot be had now
   */
  X509Certificate check(byte[] file, TopicArn topic, Instant now)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> known = new ArrayList<>(read(file));
    X509Certificate first = known.getFirst();
    if (names(first).stream().noneMatch(name -> isOfSns(name, topic))) {
      throw new CertificateException("it has no name of SNS");
    }
    if (!(first.getPublicKey() instanceof RSAPublicKey key)
        || key.getModulus().bitLength() < LEAST_BITS) {
      throw new CertificateException("its key is no RSA key of 2048 bits or more");
    }
    first.checkValidity(Date.from(now));
    requireRoot(first, known, now);
    return first;
  }

  private static List<X509Certificate> read(byte[] file) throws CertificateException {
    List<X509Certificate> read = new ArrayList<>();
    for (Certificate each :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(file))) {
      read.add((X509Certificate) each);
    }
    if (read.isEmpty() || read.size() > MOST_CERTIFICATES) {
      throw new CertificateException("the file has " + read.size() + " certificates");
    }
    return read;
  }

  /** The alternative names, which go before the common one. */
  private static List<String> names(X509Certificate certificate)
      throws CertificateParsingException {
    List<String> names = new ArrayList<>();
    var alternatives = certificate.getSubjectAlternativeNames();
    for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
      if (name.getFirst() instanceof Integer kind && kind == DNS_NAME) {
        names.add(String.valueOf(name.get(1)));
      }
    }
    return names.isEmpty() ? List.of(commonName(certificate)) : names;
  }

  private static String commonName(X509Certificate certificate) {
    String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    return subject.startsWith("CN=") ? subject.substring(3).split(",", 2)[0] : "";
  }

  /** AWS signs with one certificate for the older regions, and with one of their own for others. */
  private static boolean isOfSns(String name, TopicArn topic) {
    String domain = "." + topic.domain();
    return Set.of(
            "sns" + domain,
            topic.host(),
            "sns-signing." + topic.region() + domain,
            "sns-" + topic.region() + domain,
            topic.region().startsWith("us-gov-") ? "sns-us-gov-west-1" + domain : "")
        .contains(name);
  }

  private void requireRoot(X509Certificate first, List<X509Certificate> known, Instant now)
      throws GeneralSecurityException, IOException {
    X509Certificate last = first;
    for (int between = 0; !leadsToRoot(first, known, now); between++) {
      Optional<URI> issuer = issuer(last);
      if (between == MOST_BETWEEN || issuer.isEmpty()) {
        throw new CertificateException("it leads to no root that is trusted");
      }
      last = read(fetcher.get(issuer.get())).getFirst();
      known.add(last);
    }
  }

  private boolean leadsToRoot(X509Certificate first, List<X509Certificate> known, Instant now)
      throws GeneralSecurityException {
    X509CertSelector selector = new X509CertSelector();
    selector.setCertificate(first);
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(roots, selector);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
    parameters.setDate(Date.from(now));
    parameters.setRevocationEnabled(false);
    try {
      var _ = CertPathBuilder.getInstance("PKIX").build(parameters);
      return true;
    } catch (CertPathBuilderException none) {
      return false;
    }
  }

  /** Where the certificate says that its issuer's is, if that is one of few places. */
  private static Optional<URI> issuer(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(AUTHORITY);
    String octets = extension == null ? "" : new String(extension, StandardCharsets.ISO_8859_1);
    int at = octets.indexOf(new String(ISSUER_AT, StandardCharsets.ISO_8859_1));
    int start = at + ISSUER_AT.length + 1;
    if (at < 0 || start > octets.length()) {
      return Optional.empty();
    }
    int length = octets.charAt(start - 1);
    return Optional.of(octets.substring(start, Math.min(octets.length(), start + length)))
        .filter(address -> ISSUERS.matcher(address).matches())
        .map(URI::create);
  }
}
