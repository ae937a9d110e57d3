package dev.escala.source.sns;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A standard topic of SNS; those of FIFO are not delivered over HTTP.
 *
 * @param text as SNS writes it
 * @param domain of AWS in the topic's partition, such as {@code amazonaws.com}
 */
record TopicArn(String text, String region, String domain) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}):[0-9]{12}"
              + ":[A-Za-z0-9_-]{1,256}");

  static Optional<TopicArn> parse(String text) {
    Matcher parsed = FORM.matcher(text);
    if (!parsed.matches()) {
      return Optional.empty();
    }
    boolean isOfChina = parsed.group(1).equals("aws-cn");
    return Optional.of(
        new TopicArn(text, parsed.group(2), isOfChina ? "amazonaws.com.cn" : "amazonaws.com"));
  }

  /** Where SNS answers in the region of the topic. */
  String host() {
    return "sns." + region + "." + domain;
  }
}
