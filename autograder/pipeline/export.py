"""``nbgrader export``: one row a learner and lesson, blank where nothing is graded.

nbgrader's own export writes 0.0 for a submission that is missing, unreadable or ungraded.
"""

import csv

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.plugins import ExportPlugin

from autograder.pipeline.records import MISSING, Record, read_records

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email"),
    *("raw_score", "late_submission_penalty", "score", "max_score", "status"),
)


class CourseExport(ExportPlugin):
    """Write grades as CSV in nbgrader's columns, and one more: the status.

    ``score`` is blank until every part is graded; ``raw_score`` is what has been earned so far
    and is blank where nothing has been graded.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the file named by ``--to``, grades.csv by default."""
        students = [s for s in gradebook.students if not self.student or s.id in self.student]
        with open(self.to or "grades.csv", "w", newline="", encoding="utf-8") as stream:
            table = csv.DictWriter(stream, COLUMNS)
            table.writeheader()
            for assignment in gradebook.assignments:
                if not self.assignment or assignment.name in self.assignment:
                    records = read_records(self.parent.coursedir.db_url, assignment.name)
                    for student in students:
                        record = records.get(student.id)
                        table.writerow(_row(gradebook, record, assignment, student))
        self.log.info("Wrote %s", self.to or "grades.csv")


def _row(
    gradebook: Gradebook, record: Record | None, assignment: Assignment, student: Student
) -> dict:
    """Return one learner's row for one lesson."""
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
        "status": record.said if record else MISSING,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    row["timestamp"] = submission.timestamp
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    graded = [g for g in grades if g.auto_score is not None or g.manual_score is not None]
    if record is None:
        row["status"] = "graded" if graded else "not graded"
    if not graded or (record and not record.is_graded):
        return row
    penalty = submission.late_submission_penalty or 0.0
    row |= {"raw_score": submission.score, "late_submission_penalty": penalty}
    waiting = sum(grade.needs_manual_grade for grade in grades)
    if waiting:
        row["status"] += f"; {waiting} to grade by hand"
    else:
        row["score"] = max(0.0, submission.score - penalty)
    return row
