package dev.escala.archive;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.rest.HTTPHeaders;
import org.apache.iceberg.rest.HTTPRequest;
import org.apache.iceberg.rest.ImmutableHTTPRequest;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.auth.AuthManager;
import org.apache.iceberg.rest.auth.AuthSession;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Signs requests of Iceberg's REST protocol to AWS Glue (Signature Version 4), with the credentials
 * of the environment. Iceberg makes one by its name. Its own signer comes with a module that wants
 * the clients of a dozen services.
 */
public final class GlueSigning implements AuthManager {
  private static final String REGION = "rest.signing-region";
  private static final String SERVICE = "glue";

  private final DefaultCredentialsProvider credentials =
      DefaultCredentialsProvider.builder().build();

  /** As Iceberg calls it. */
  public GlueSigning(String name) {}

  /** What a catalogue is opened with. */
  static Map<String, String> properties(Optional<String> configured, @Nullable URI uri) {
    String region =
        configured.orElseGet(
            () -> DefaultAwsRegionProviderChain.builder().build().getRegion().id());
    Map<String, String> properties = new HashMap<>();
    properties.put("rest.auth.type", GlueSigning.class.getName());
    properties.put(REGION, region);
    if (uri == null) {
      properties.put("uri", "https://glue.%s.amazonaws.com/iceberg".formatted(region));
    }
    return properties;
  }

  @Override
  public AuthSession catalogSession(RESTClient client, Map<String, String> properties) {
    String region = properties.getOrDefault(REGION, "");
    return new Session(() -> credentials.resolveCredentials(), region);
  }

  @Override
  public void close() {
    credentials.close();
  }

  /** Who gives credentials, which may be others each time. */
  interface Credentials {
    AwsCredentialsIdentity now();
  }

  /** Signs for one region. */
  record Session(Credentials credentials, String region) implements AuthSession {
    @Override
    public HTTPRequest authenticate(HTTPRequest request) {
      SdkHttpRequest.Builder unsigned =
          SdkHttpRequest.builder()
              .uri(request.requestUri())
              .method(SdkHttpMethod.fromValue(request.method().name()));
      request.headers().entries().forEach(h -> unsigned.appendHeader(h.name(), h.value()));
      SdkHttpRequest signed = sign(unsigned.build(), request.encodedBody());
      Map<String, String> headers = new HashMap<>();
      signed.forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
      headers.remove("Host"); // the client sets it, with the same value
      return ImmutableHTTPRequest.builder().from(request).headers(HTTPHeaders.of(headers)).build();
    }

    private SdkHttpRequest sign(SdkHttpRequest unsigned, @Nullable String body) {
      AwsCredentialsIdentity identity = credentials.now();
      SignRequest.Builder<AwsCredentialsIdentity> request =
          SignRequest.builder(identity)
              .request(unsigned)
              .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
              .putProperty(AwsV4HttpSigner.REGION_NAME, region);
      if (body != null) {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        request.payload(ContentStreamProvider.fromByteArray(octets));
      }
      return AwsV4HttpSigner.create().sign(request.build()).request();
    }

    @Override
    public void close() {}
  }
}
