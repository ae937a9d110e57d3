package dev.escala.app;

import dev.escala.catalog.RelationName;
import dev.escala.decode.TableName;
import dev.escala.decode.TopicSettings;
import dev.escala.serve.database.DatabaseSettings;
import dev.escala.serve.database.PastRows;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What topics say of the tables of a database, for whoever serves it. */
final class ServedTables {
  private ServedTables() {}

  /** How a database is served: which tables its topics will have made, and where their past is. */
  static DatabaseSettings of(DatabaseSettings database, Collection<TopicSettings> all) {
    List<TopicSettings> topics =
        all.stream().filter(topic -> topic.table().database().equals(database.name())).toList();
    Set<RelationName> tables =
        topics.stream()
            .map(TopicSettings::table)
            .map(table -> new RelationName(table.schema(), table.table()))
            .collect(Collectors.toSet());
    DatabaseSettings expecting = database.expecting(tables);
    return expecting.with(expecting.dialect().with(past(topics)));
  }

  private static Map<String, PastRows> past(List<TopicSettings> topics) {
    Map<String, PastRows> past = new LinkedHashMap<>();
    for (TopicSettings topic : topics) {
      TableName table = topic.table();
      topic
          .maintenance()
          .archive()
          .ifPresent(
              archive ->
                  past.put(
                      table.schema() + "." + table.table(),
                      new PastRows(archive.location(), archive.after())));
    }
    return past;
  }
}
