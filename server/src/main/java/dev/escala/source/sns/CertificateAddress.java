package dev.escala.source.sns;

import dev.escala.source.sns.PushRefused.Reason;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where a certificate may be fetched from: a file of a certain name at the SNS of the topic's
 * region, and nowhere else. Whoever chooses the address chooses whose signature is believed.
 */
final class CertificateAddress {
  private static final Pattern PATH =
      Pattern.compile("/SimpleNotificationService(-[A-Za-z0-9]{1,128})?\\.pem");

  private CertificateAddress() {}

  /** The address, if it is exactly scheme, host and path: no port, user, query or fragment. */
  static URI of(String url, TopicArn topic) throws PushRefused {
    String start = "https://" + topic.host();
    if (!url.startsWith(start) || !PATH.matcher(url.substring(start.length())).matches()) {
      throw new PushRefused(
          Reason.CERTIFICATE,
          "The SigningCertURL is none of " + topic.host() + ", the SNS of the topic's region");
    }
    return URI.create(url);
  }
}
