package dev.escala.serve.mcp;

import dev.escala.serve.database.CatalogKeeper.Loaded;
import dev.escala.serve.database.DatabaseReads;
import dev.escala.serve.relation.RelationHandler;
import dev.escala.serve.relation.RoutineHandler;
import dev.escala.serve.sql.SqlApi;
import java.util.ArrayList;
import java.util.List;

/** The endpoints through which tools read. */
public record Endpoints(RelationHandler relations, RoutineHandler routines, SqlApi sql) {

  /** What there is to call of a database. */
  List<Tool> tools(DatabaseReads reads, Loaded loaded) {
    List<Tool> tools = new ArrayList<>(new RelationTools(reads, relations).all());
    tools.add(new SqlTool(reads, sql).tool());
    tools.addAll(new PublishedTools(reads, routines).all(loaded));
    return tools;
  }
}
