package dev.escala.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.escala.decode.TopicSettings;
import dev.escala.testing.ObjectServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the files of an archive are, and who knows which of them count. */
@Tag("integration")
class PlacesTest extends ArchivedTable {

  private List<DataFile> archived(TopicSettings settings) throws IOException {
    table();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 0, 20);
    assertThat(run(settings).all()).contains(1);
    assertThat(database.count("SELECT count(*) FROM flights")).isZero();
    part("2026-08-01", "2026-09-01");
    rows("2026-08-01", 100, 5);
    assertThat(run(settings).all()).contains(1);
    List<DataFile> files = files(settings);
    assertThat(files).extracting(DataFile::recordCount).containsExactlyInAnyOrder(23L, 8L);
    return files;
  }

  @Test
  void objectsOfS3AreATable() throws IOException {
    try (ObjectServer s3 = new ObjectServer()) {
      TopicSettings settings =
          archivedAs(
              "archive: {to: \"s3://past/escala\", endpoint: \"%s\", table: lake.flights}"
                  .formatted(s3.endpoint()));
      for (DataFile file : archived(settings)) {
        String path = file.location().replace("s3:/", "");
        assertThat(path).startsWith("/past/escala/lake/flights/data/_event_time_month=2026-08/");
        assertThat(s3.objects().get(path)).hasSize((int) file.fileSizeInBytes());
      }
      assertThat(s3.objects())
          .containsKey("/past/escala/lake/flights/metadata/v3.metadata.json")
          .hasEntrySatisfying(
              "/past/escala/lake/flights/metadata/version-hint.text",
              hint -> assertThat(hint).asString(StandardCharsets.UTF_8).isEqualTo("3"));
      assertThat(s3.asked()).noneMatch(asked -> asked.startsWith("DELETE"));
    }
  }

  @Test
  void largeObjectsAreWrittenInParts() throws IOException {
    byte[] octets = new byte[40 << 20];
    new Random(7).nextBytes(octets);
    try (ObjectServer s3 = new ObjectServer();
        ArchiveFiles files = new ArchiveFiles()) {
      files.initialize(Map.of(ArchiveFiles.ENDPOINT, s3.endpoint().toString()));
      try (OutputStream out = files.newOutputFile("s3://past/a/large").createOrOverwrite()) {
        out.write(octets[0]);
        for (int at = 1; at < octets.length; at += 1 << 20) {
          out.write(octets, at, Math.min(1 << 20, octets.length - at));
        }
      }
      assertThat(Arrays.equals(s3.objects().get("/past/a/large"), octets)).isTrue();
      assertThat(s3.asked()).filteredOn(asked -> asked.contains("partNumber=")).hasSize(3);
      InputFile file = files.newInputFile("s3://past/a/large");
      assertThat(file.getLength()).isEqualTo(octets.length);
      try (SeekableInputStream in = file.newStream()) {
        in.seek(39 << 20);
        assertThat(in.readNBytes(2 << 20)).hasSize(1 << 20).endsWith(octets[octets.length - 1]);
        in.seek(5);
        assertThat(in.read()).isEqualTo(octets[5] & 0xff);
        assertThat(in.getPos()).isEqualTo(6);
      }
      files.deleteFile("s3://past/a/large");
      assertThat(files.newInputFile("s3://past/a/large").exists()).isFalse();
    }
  }

  @Test
  void oneWriterAloneMakesAnObject() throws IOException {
    try (ObjectServer s3 = new ObjectServer();
        ArchiveFiles files = new ArchiveFiles()) {
      files.initialize(Map.of(ArchiveFiles.ENDPOINT, s3.endpoint().toString()));
      for (String place : List.of("s3://past/v1", folder.toUri() + "table/v1")) {
        assertThat(files.create(place, new byte[] {1})).isTrue();
        assertThat(files.create(place, new byte[] {2})).isFalse();
        try (InputStream in = files.newInputFile(place).newStream()) {
          assertThat(in.readAllBytes()).containsExactly(1);
        }
      }
    }
  }

  @Test
  void aCatalogueKnowsTheTable() throws IOException {
    try (RestCatalogServer catalog = new RestCatalogServer()) {
      TopicSettings settings =
          archivedAs(
              "archive: {to: \"%s\", catalog: {type: rest, uri: \"%s\", warehouse: w, token: secret-token}}"
                  .formatted(folder.toUri(), catalog.endpoint()));
      assertThat(archived(settings))
          .allMatch(file -> file.location().startsWith(folder.toUri() + "db/flights/data/"));
      assertThat(catalog.asked())
          .allMatch(
              asked -> List.of("Bearer secret-token").equals(asked.headers().get("Authorization")));
      assertThat(catalog.asked().getFirst().uri()).hasToString("/v1/config?warehouse=w");
    }
  }

  @Test
  void requestsToGlueAreSigned() throws Exception {
    System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
    System.setProperty("aws.secretAccessKey", "not-a-secret");
    try (RestCatalogServer catalog = new RestCatalogServer()) {
      TopicSettings settings =
          archivedAs(
              "archive: {to: \"%s\", region: eu-west-1, catalog: {type: glue, uri: \"%s\", warehouse: \"1\"}}"
                  .formatted(folder.toUri(), catalog.endpoint()));
      assertThat(archived(settings)).hasSize(2);
      for (RestCatalogServer.Asked asked : catalog.asked()) {
        assertThat(asked.headers().get("Authorization"))
            .singleElement()
            .asString()
            .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
            .contains("/eu-west-1/glue/aws4_request, SignedHeaders=", "host", "x-amz-date");
        byte[] hash =
            MessageDigest.getInstance("SHA-256")
                .digest(asked.body().getBytes(StandardCharsets.UTF_8));
        assertThat(asked.headers().get("X-amz-content-sha256"))
            .containsExactly(HexFormat.of().formatHex(hash));
      }
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}
