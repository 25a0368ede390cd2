//! Statements that reach the database in one message. SQLite's driver works in a thread of its own and takes several at
//! once, so each message saved is a change of threads saved; PostgreSQL is sent one after the other.

use crate::Error;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Statement,
    sea_query::{Expr, SelectStatement, Values},
};

/// The column that says which of the questions a row answers.
const PART: &str = "part";

/// Carries out statements in this order. When one fails, those after it are not carried out.
pub(crate) async fn execute(tx: &DatabaseTransaction, statements: Vec<Statement>) -> Result<(), Error> {
    if tx.get_database_backend() == DbBackend::Sqlite {
        tx.execute_raw(joined(statements)).await?;
        return Ok(());
    }
    for statement in statements {
        tx.execute_raw(statement).await?;
    }
    Ok(())
}

/// Asks several questions; the rows of each.
pub(crate) async fn ask<const N: usize>(
    tx: &DatabaseTransaction,
    questions: [SelectStatement; N],
) -> Result<[Vec<QueryResult>; N], Error> {
    let mut answers = [const { Vec::new() }; N];
    let backend = tx.get_database_backend();
    if backend != DbBackend::Sqlite {
        for (question, answer) in questions.iter().zip(&mut answers) {
            *answer = tx.query_all(question).await?;
        }
        return Ok(answers);
    }
    let numbered = questions.into_iter().enumerate().map(|(number, mut question)| {
        question.expr_as(Expr::cust(number.to_string()), PART);
        backend.build(&question)
    });
    for row in tx.query_all_raw(joined(numbered.collect())).await? {
        let part: i32 = row.try_get("", PART)?;
        if let Some(answer) = usize::try_from(part).ok().and_then(|part| answers.get_mut(part)) {
            answer.push(row);
        }
    }
    Ok(answers)
}

/// As one text, with the values of all in their order: SQLite's driver gives each statement its share of them.
fn joined(statements: Vec<Statement>) -> Statement {
    let (mut texts, mut all) = (Vec::new(), Vec::new());
    for Statement { sql, values, .. } in statements {
        texts.push(sql);
        all.extend(values.into_iter().flat_map(|Values(values)| values));
    }
    Statement::from_sql_and_values(DbBackend::Sqlite, texts.join("; "), all)
}
