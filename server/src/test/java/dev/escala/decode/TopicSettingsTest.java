package dev.escala.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.escala.config.ConfigurationException;
import dev.escala.decode.TopicSettings.UnknownFields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {

  @Test
  void aTableIsEnough() {
    TopicSettings settings = Settings.flights();
    assertThat(settings.table()).hasToString("db.public.flights");
    assertThat(settings.keyFields()).isEmpty();
    assertThat(settings.unknownFields()).isEqualTo(UnknownFields.ADD_COLUMN);
  }

  @Test
  void declaredColumnsComeWithTheirPolicies() {
    TopicSettings settings =
        Settings.flights(
            "key: [$.a, $.b]",
            "time: $.at",
            "coerce: lenient",
            "columns:",
            "  - { name: a, type: 'numeric(10, 2)', nul: strip }",
            "  - { name: at, type: timestamptz, time-format: epoch-ms }");
    assertThat(settings.keyFields()).containsExactly("a", "b");
    assertThat(settings.timeField()).contains("at");
    assertThat(settings.declared())
        .extracting(Column::type)
        .extracting(ColumnType::kind)
        .containsExactly(ColumnType.Kind.NUMERIC, ColumnType.Kind.TIMESTAMPTZ);
    assertThat(settings.policyOf("a").nul()).isEqualTo(ColumnPolicy.Nul.STRIP);
    assertThat(settings.policyOf("a").coerce()).isEqualTo(ColumnPolicy.Coerce.LENIENT);
    assertThat(settings.policyOf("at").time()).isEqualTo(ColumnPolicy.Time.EPOCH_MS);
    assertThat(settings.unknownFields()).isEqualTo(UnknownFields.REJECT);
  }

  @Test
  void everyErrorIsFoundAtOnce() {
    assertThatThrownBy(
            () ->
                Settings.read(
                    """
                    table: flights
                    key: id
                    dedup: forever
                    partition: week
                    unknown-fields: ignore
                    columns: [{ name: _id, type: text }]
                    """))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            wrong ->
                assertThat(List.copyOf(wrong.errors()))
                    .hasSize(6)
                    .anyMatch(error -> error.startsWith("dedup: must be one of key, key-time"))
                    .anyMatch(error -> error.startsWith("partition: must be one of none, day"))
                    .anyMatch(error -> error.startsWith("columns[0].name: is reserved")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dedup: key-time                                         | dedup: key-time needs time
          partition: day                                          | partition: needs dedup: key-time
          {dedup: latest, key: $.id, partition: day}              | partition: needs dedup: key-time
          {dedup: window, window: 5m}                             | window: must be at least 1h
          {window: 2d}                                            | window: needs dedup: window
          {dedup: window, tail: true}                             | tail: needs dedup: key or latest
          {dedup: window, partition: day, retain: 460d}           | partition: must be month
          {archive: {to: "s3://b/f"}}                             | archive: needs partition: day or month
          {dedup: window, partition: day, archive: {after: 9d}}   | archive.to: is missing
          {dedup: window, partition: day, archive: {to: "ftp://b/f"}} | archive.to: must be like s3://bucket/folder
          {dedup: window, partition: day, archive: {to: "s3://b",table: t}} | archive.table: must be like namespace.table
          {dedup: window, partition: day, archive: {to: "s3://b",after: 5m}} | archive.after: must be at least 1h
          {dedup: window, partition: day, retain: 9d, archive: {to: "s3://b",after: 10d}} | retain: must not be shorter than archive.after
          {dedup: key-time, key: $.k, time: $.at, partition: day, distribute: key, archive: {to: "s3://b"}} | distribute: takes no archive
          {dedup: window, partition: day, archive: {to: "s3://b",catalog: {type: rest}}} | archive.catalog.uri: is missing
          {dedup: key-time, time: $.at, deleted: $.gone}          | deleted: needs dedup: latest
          shards: 4                                               | shards: needs distribute: key
          """)
  void whatDoesNotFitTogetherIsRefused(String yaml, String error) {
    String settings = yaml.startsWith("{") ? yaml.substring(1, yaml.length() - 1) : yaml;
    assertThatThrownBy(() -> Settings.read("table: db.flights\n" + settings.replace(", ", "\n")))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            wrong -> assertThat(wrong.errors()).singleElement().asString().startsWith(error));
  }

  @Test
  void aTopicWithoutATableOfItsOwnGetsOne() {
    TopicSettings settings = Settings.flights();
    TopicSettings wild =
        new TopicSettings(
            "*",
            TableName.parse("db.{topic}"),
            settings.keyFields(),
            settings.timeField(),
            settings.declared(),
            settings.unknownFields(),
            settings.policy(),
            settings.policies(),
            false,
            false,
            settings.dedup(),
            settings.renames(),
            settings.maintenance(),
            settings.maxColumns(),
            false,
            settings.schema());
    assertThat(wild.forTopic("my.topic").table().table()).isEqualTo("my.topic");
    assertThat(wild.forTopic("my.topic").ownTable()).isTrue();
    assertThat(wild.forTopic("my.topic").withAnyTable().ownTable()).isFalse();
  }
}
