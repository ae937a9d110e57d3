package dev.escala.source.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.escala.source.sns.PushRefused.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAddressTest {
  private static final String HOST = "https://sns.eu-west-1.amazonaws.com";

  private static TopicArn topic(String arn) {
    return TopicArn.parse(arn).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HOST + "/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem",
        HOST + "/SimpleNotificationService.pem"
      })
  void isAFileOfTheRegion(String url) throws PushRefused {
    assertThat(CertificateAddress.of(url, topic(FakeSns.ARN))).hasToString(url);
  }

  @Test
  void inChinaTheDomainIsAnother() throws PushRefused {
    String url = "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-1.pem";
    assertThat(CertificateAddress.of(url, topic("arn:aws-cn:sns:cn-north-1:123456789012:a")))
        .hasToString(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "HTTPS://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com.cn/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-1.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-1.pem",
        "https://s3.eu-west-1.amazonaws.com/sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-1.pem",
        "https://user@sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-1.pem",
        HOST + "/SimpleNotificationService-1.pem?x=y",
        HOST + "/SimpleNotificationService-1.pem#x",
        HOST + "/SimpleNotificationService-1.pem\n",
        HOST + "/SimpleNotificationService-.pem",
        HOST + "/SimpleNotificationService-a_b.pem",
        HOST + "/topic/SimpleNotificationService-1.pem",
        HOST + "/SimpleNotificationService-/../x.pem",
        HOST + "/SimpleNotificationService-%2e.pem",
        HOST + "/?Action=Publish&x=/SimpleNotificationService-1.pem",
        HOST + "/certificate.pem",
        HOST + "\\@evil.example/SimpleNotificationService-1.pem",
        "https://169.254.169.254/SimpleNotificationService-1.pem",
        ""
      })
  void isNothingElse(String url) {
    assertThat(
            catchThrowableOfType(
                    PushRefused.class, () -> CertificateAddress.of(url, topic(FakeSns.ARN)))
                .reason())
        .isEqualTo(Reason.CERTIFICATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arn:aws:sns:eu-west-1:123456789012:a.fifo",
        "arn:aws:sns:eu-west-1.evil.example:123456789012:a",
        "arn:aws:sns::123456789012:a",
        "arn:aws:sqs:eu-west-1:123456789012:a",
        "arn:aws-iso:sns:us-iso-east-1:123456789012:a",
        "a"
      })
  void isOfAStandardTopic(String arn) {
    assertThat(TopicArn.parse(arn)).isEmpty();
  }
}
